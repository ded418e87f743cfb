import { DATABASE_LABEL } from '@highroad/plugin-environments-common';
import { DatabaseObject } from '@highroad/plugin-environments-node';
import { SecretValue } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { KubernetesObject } from '@highroad/plugin-platform-node/kubernetes';
import { Target } from '../Target';
import { databaseSecretName } from './databaseSecret';

/** Everything that is not named is kept as it is. */
const serverSchema = z
  .object({
    volumeClaimTemplates: z.array(z.unknown()).optional(),
    template: z
      .object({
        spec: z
          .object({
            containers: z
              .array(z.object({ image: z.string() }).passthrough())
              .nonempty(),
            volumes: z.array(z.unknown()).optional(),
          })
          .passthrough(),
      })
      .passthrough(),
  })
  .passthrough();
const readySchema = z.object({
  status: z.object({ readyReplicas: z.number().default(0) }).default({}),
});

export function adminSecretName(database: string): string {
  return `${databaseSecretName(database)}-admin`;
}

/** The password by which the platform itself signs in to a server that stands in an environment. */
export function adminSecret(
  target: Pick<Target, 'namespace' | 'labels'>,
  database: string,
  password: SecretValue,
): KubernetesObject {
  const encoded = Buffer.from(password.reveal()).toString('base64');
  return {
    ...{ apiVersion: 'v1', kind: 'Secret', type: 'Opaque' },
    metadata: {
      name: adminSecretName(database),
      namespace: target.namespace,
      labels: target.labels,
    },
    data: { password: encoded },
  };
}

/**
 * What a database consists of, as it is applied.
 *
 * @param there - the object as it is, if it is: a server keeps the image and the volumes that it began with, since the next
 *   major version cannot read its files and volumes of a StatefulSet cannot be changed
 */
export function databasePart(
  { namespace, labels }: Pick<Target, 'namespace' | 'labels'>,
  database: string,
  object: DatabaseObject,
  there: KubernetesObject | undefined,
): KubernetesObject {
  const metadata = {
    name: object.metadata.name,
    ...{ namespace, labels: { ...labels, [DATABASE_LABEL]: database } },
  };
  if (object.kind !== 'StatefulSet' || !there) return { ...object, metadata };
  const { volumeClaimTemplates: _, ...wanted } = serverSchema.parse(
    object.spec,
  );
  const begun = serverSchema.parse(there.spec);
  const { template } = wanted;
  const [first, ...others] = template.spec.containers;
  const { volumes } = begun.template.spec;
  const { image } = begun.template.spec.containers[0];
  return {
    ...object,
    metadata,
    spec: {
      ...wanted,
      template: {
        ...template,
        spec: {
          ...template.spec,
          containers: [{ ...first, image }, ...others],
          ...(volumes && { volumes }),
        },
      },
      ...(begun.volumeClaimTemplates && {
        volumeClaimTemplates: begun.volumeClaimTemplates,
      }),
    },
  };
}

/** Changes where a server becomes ready, or ceases to be. */
export function readinessOf(objects: KubernetesObject[]): string {
  return objects
    .filter(({ kind }) => kind === 'StatefulSet')
    .map(object => readySchema.parse(object).status.readyReplicas)
    .join();
}

/** Whether one of them has no pod that is ready, by what `readinessOf` says. */
export function hasNone(readiness: string): boolean {
  return readiness.split(',').includes('0');
}
