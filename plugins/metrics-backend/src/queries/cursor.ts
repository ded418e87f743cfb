import { InputError } from '@backstage/errors';
import { Knex } from 'knex';
import { z } from 'zod';

/** PostgreSQL compares nothing with the character NUL. */
const partsSchema = z.array(z.string().regex(/^[^\0]*$/));

/** Where the next page of a list begins: after a row that has these in the columns by which it is sorted. */
export function cursorOf(parts: string[]): string {
  return JSON.stringify(parts);
}

/**
 * What the row has that a page begins after, see `cursorOf`.
 *
 * @param length - how many columns it is sorted by
 * @throws InputError for a cursor that is none
 */
export function readCursor(before: string, length: number): string[] {
  let cursor: unknown;
  try {
    cursor = JSON.parse(before);
  } catch {
    cursor = undefined;
  }
  const read = partsSchema.length(length).safeParse(cursor);
  if (!read.success) {
    throw new InputError('before: take it from "next" of the last answer.');
  }
  return read.data;
}

/**
 * Leaves of a list that is sorted downwards what comes after a cursor.
 *
 * @param columns - texts, by which it is sorted
 * @throws InputError for a cursor that is none
 */
export function below(
  query: Knex.QueryBuilder,
  columns: readonly string[],
  before: string,
): void {
  compare(query, columns, '<', readCursor(before, columns.length));
}

/**
 * Leaves of a list that is sorted upwards what comes after a row.
 *
 * @param columns - texts, by which it is sorted
 * @param row - what the row has in them
 */
export function above(
  query: Knex.QueryBuilder,
  columns: readonly string[],
  row: string[],
): void {
  compare(query, columns, '>', row);
}

function compare(
  query: Knex.QueryBuilder,
  columns: readonly string[],
  sign: '<' | '>',
  row: string[],
): void {
  const places = columns.map(() => '?').join(', ');
  query.whereRaw(`(${columns.join(', ')}) ${sign} (${places})`, row);
}
