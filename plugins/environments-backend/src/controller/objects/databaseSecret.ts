import { EnvironmentDatabaseSpec } from '@highroad/plugin-environments-common';
import { DatabaseConnection } from '@highroad/plugin-environments-node';
import { SecretValue } from '@highroad/plugin-platform-common';
import { createHash } from 'node:crypto';
import { KubernetesObject } from '@highroad/plugin-platform-node/kubernetes';
import { z } from 'zod';
import { addressOf } from '../../drivers/databases/addressOf';
import { Target } from '../Target';

/** On a Secret and on pods that use it: changes with its values, and tells nothing of them. */
export const VALUES_ANNOTATION = 'platform.myorg.com/values';

const PREFIX = 'database-';
const secretSchema = z.object({ data: z.object({ PGDATABASE: z.string() }) });

export function databaseSecretName(database: string): string {
  return `${PREFIX}${database}`;
}

/** @returns the database that a Secret is of, by which services reach it; nothing for any other */
export function databaseOf(secret: KubernetesObject): string | undefined {
  const { name } = secret.metadata;
  return name.startsWith(PREFIX) && secretSchema.safeParse(secret).success
    ? name.slice(PREFIX.length)
    : undefined;
}

/** The variables by which a service reaches a database, as PostgreSQL's own programs know them. */
export const DATABASE_VARIABLES = [
  'DATABASE_URL',
  'PGHOST',
  'PGPORT',
  'PGDATABASE',
  'PGUSER',
  'PGPASSWORD',
];

export function databaseSecret(
  target: Pick<Target, 'namespace' | 'labels'>,
  database: Pick<EnvironmentDatabaseSpec, 'name'>,
  connection: DatabaseConnection,
  password: SecretValue,
): KubernetesObject {
  const { host, port, user } = connection;
  const secret = password.reveal();
  const values: Record<string, string> = {
    DATABASE_URL: addressOf(connection, password),
    PGHOST: host,
    PGPORT: String(port),
    PGDATABASE: connection.database,
    PGUSER: user,
    PGPASSWORD: secret,
  };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: databaseSecretName(database.name),
      namespace: target.namespace,
      labels: target.labels,
      annotations: { [VALUES_ANNOTATION]: fingerprintOf(values) },
    },
    type: 'Opaque',
    data: Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key,
        Buffer.from(value).toString('base64'),
      ]),
    ),
  };
}

/** The password is long and random: nothing can be found out from its hash. */
export function fingerprintOf(values: Record<string, string>): string {
  return createHash('sha256')
    .update(JSON.stringify(Object.entries(values).sort()))
    .digest('hex')
    .slice(0, 32);
}
