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
 * Names are hashes that can be made to fit, so that what is there under one may be somebody else's.
 *
 * @returns whose it is from now on: the cluster that is noted down stays so where it is not known now
 */
export function requireMark(
  row: unknown,
  of: MarkedOwner,
  what: string,
): MarkedOwner {
  const found = readRoleMark(markSchema.parse(row).comment ?? '');
  if (found && isSame(found, of)) {
    return { owner: of.owner, cluster: of.cluster ?? found.cluster };
  }
  throw new ConflictError(
    `The server has a ${what} that is not marked as that of this environment, so it is left alone. Give the database another name in the manifest.`,
  );
}

/** Of the same owner, and not of two clusters. What was made when marks named none is whose they say. */
export function isSame(one: MarkedOwner, other: MarkedOwner): boolean {
  return (
    one.owner === other.owner &&
    (one.cluster === undefined ||
      other.cluster === undefined ||
      one.cluster === other.cluster)
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
