import { ConflictError } from '@backstage/errors';
import {
  MarkedOwner,
  readRoleMark,
  ROLE_MARK,
} from '@highroad/plugin-platform-node/postgres';
import { Client } from 'pg';
import { z } from 'zod';

/** What is ours on a server that others use too begins with this. */
export const PREFIX = 'env_';

const rowsSchema = z.array(z.object({ name: z.string(), comment: z.string() }));
const markSchema = z.object({ comment: z.string().nullable() });

/**
 * Names are hashes that can be made to fit, so that what is there under one may be somebody else's. What was made when
 * marks named no cluster is whose they say.
 */
export function requireMark(row: unknown, of: MarkedOwner, what: string): void {
  const found = readRoleMark(markSchema.parse(row).comment ?? '');
  const isSame =
    found?.owner === of.owner &&
    (found.cluster === undefined || found.cluster === of.cluster);
  if (isSame) return;
  throw new ConflictError(
    `The server has a ${what} that is not marked as that of this environment, so it is left alone. Give the database another name in the manifest.`,
  );
}

/** A database or a role that the platform made, and whose it is. */
export interface MarkedName {
  name: string;
  of: MarkedOwner;
}

export async function ourDatabases(client: Client): Promise<MarkedName[]> {
  return oursIn(
    await client.query(
      `SELECT datname AS name, shobj_description(oid, 'pg_database') AS comment FROM pg_database
       WHERE shobj_description(oid, 'pg_database') LIKE '${ROLE_MARK}%'`,
    ),
  );
}

export async function ourRoles(client: Client): Promise<MarkedName[]> {
  return oursIn(
    await client.query(
      `SELECT rolname AS name, shobj_description(oid, 'pg_authid') AS comment FROM pg_roles
       WHERE shobj_description(oid, 'pg_authid') LIKE '${ROLE_MARK}%'`,
    ),
  );
}

function oursIn({ rows }: { rows: unknown[] }): MarkedName[] {
  return rowsSchema
    .parse(rows)
    .filter(({ name }) => name.startsWith(PREFIX))
    .flatMap(({ name, comment }) => {
      const of = readRoleMark(comment);
      return of ? [{ name, of }] : [];
    });
}
