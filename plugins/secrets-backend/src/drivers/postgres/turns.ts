import { turnMark } from '@highroad/plugin-platform-node/postgres';
import { escapeIdentifier, escapeLiteral } from 'pg';

/** What the server is told to say where a statement came too late, as an SQLSTATE. */
export const OVERTAKEN = 'HR001';
/** What it is told to say where roles take turns for another key. */
export const OTHER_KEY = 'HR002';

/** What a role that takes turns says behind whose it is. */
const NOTED = ' for ([A-Za-z_][A-Za-z0-9_]*) ([0-9]+)$';

/** Two roles that take turns for one key, and who is at them. */
export interface Turns {
  /** What both are members of */
  base: string;
  /** Of the secret that they are for */
  key: string;
  /** What says whose they are */
  mark: string;
  /** Larger than that of any worker before */
  fence: number;
}

/** @returns the names of both */
export function turnRoles({ base }: Pick<Turns, 'base'>): [string, string] {
  return [`${base}_a`, `${base}_b`];
}

/** Whether what a role says begins with whose it is. */
export function hasMark(
  comment: string | null,
  { key, mark }: Pick<Turns, 'key' | 'mark'>,
): boolean {
  if (comment === mark) return true;
  return (
    comment?.startsWith(`${mark} for ${key} `) === true &&
    new RegExp(NOTED).test(comment)
  );
}

/** @returns for which key a role takes turns, where it says so */
export function keyOfTurn(comment: string | null): string | undefined {
  return comment?.match(NOTED)?.[1];
}

/**
 * Has statements done, unless a later worker was at these roles already: then the server refuses all of them. It is one
 * statement, so that whoever sends it cannot be late in the middle of it, and keeps nobody waiting.
 *
 * @param statements - SQL
 */
export function unlessOvertaken(turns: Turns, statements: string[]): string {
  const { base, key, fence, mark } = turns;
  const names = turnRoles(turns).map(escapeLiteral);
  const noted = escapeLiteral(turnMark(mark, { key, fence }));
  const ours = escapeLiteral(mark);
  const begins = escapeLiteral(`${mark} for `);
  return `DO ${escapeLiteral(`DECLARE
  role_of_turn record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext(${escapeLiteral(
    `highroad turns of ${base}`,
  )}));
  FOR role_of_turn IN
    SELECT regexp_match(shobj_description(oid, 'pg_authid'), ${escapeLiteral(
      NOTED,
    )}) AS noted
      FROM pg_roles WHERE rolname IN (${names.join(', ')})
  LOOP
    IF (role_of_turn.noted)[1] <> ${escapeLiteral(key)} THEN
      RAISE EXCEPTION 'These roles take turns for another key.' USING ERRCODE = '${OTHER_KEY}';
    ELSIF (role_of_turn.noted)[2]::numeric > ${fence} THEN
      RAISE EXCEPTION 'A later worker was here.' USING ERRCODE = '${OVERTAKEN}';
    END IF;
  END LOOP;
  ${statements.map(one => `${one};`).join('\n  ')}
  FOR role_of_turn IN
    SELECT rolname, shobj_description(oid, 'pg_authid') AS said
      FROM pg_roles WHERE rolname IN (${names.join(', ')})
  LOOP
    IF role_of_turn.said = ${ours} OR starts_with(role_of_turn.said, ${begins}) THEN
      EXECUTE format('COMMENT ON ROLE %I IS %L', role_of_turn.rolname, ${noted});
    END IF;
  END LOOP;
END`)}`;
}

/** Makes a role where there is none of that name. */
export function createRole(name: string): string {
  return `IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${escapeLiteral(
    name,
  )}) THEN CREATE ROLE ${escapeIdentifier(name)}; END IF`;
}

/** @param verifier - what passwords are checked by */
export function letIn(name: string, verifier: string): string {
  return `ALTER ROLE ${escapeIdentifier(name)} LOGIN PASSWORD ${escapeLiteral(
    verifier,
  )}`;
}

/** Lets nobody in as a role any more; whoever is in stays. */
export function letNobodyIn(name: string): string {
  return `ALTER ROLE ${escapeIdentifier(name)} NOLOGIN`;
}

/** Has a role act as the one that it is a member of, from its next connection on. */
export function actAs(name: string, base: string): string {
  return `GRANT ${escapeIdentifier(base)} TO ${escapeIdentifier(
    name,
  )}; ALTER ROLE ${escapeIdentifier(name)} SET role TO ${escapeLiteral(base)}`;
}

/** Says whose a role is. */
export function markRole(name: string, mark: string): string {
  return `COMMENT ON ROLE ${escapeIdentifier(name)} IS ${escapeLiteral(mark)}`;
}
