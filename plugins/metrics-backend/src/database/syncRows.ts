import { Knex } from 'knex';
import { Row } from './factRows';
import { insertRows } from './manyRows';

/** What was written, as it is now, and what was there before and is not any more. */
export interface Synced {
  changed: Row[];
  gone: Row[];
}

/**
 * Makes a part of a table say what it should: only rows that differ are written.
 *
 * @param options.columns - what tells rows apart
 * @param options.there - the rows of that part, as they are
 */
export async function syncRows(
  transaction: Knex.Transaction,
  options: { table: string; columns: string[]; there: Row[]; rows: Row[] },
): Promise<Synced> {
  const { table, columns, there, rows } = options;
  const key = (row: Row) =>
    JSON.stringify(columns.map(column => normal(row[column])));
  const known = new Map(there.map(row => [key(row), row]));
  const changed: Row[] = [];
  for (const row of rows) {
    const old = known.get(key(row));
    known.delete(key(row));
    const same =
      old &&
      Object.keys(row).every(name => normal(row[name]) === normal(old[name]));
    if (!same) changed.push(row);
  }
  const gone = [...known.values()];
  for (const row of gone) {
    const where = Object.fromEntries(
      columns.map(column => [column, row[column]]),
    );
    await transaction(table).where(where).delete();
  }
  await insertRows(transaction, {
    ...{ table, rows: changed },
    conflict: { columns, replace: true },
  });
  return { changed, gone };
}

/** The same in every database: SQLite has numbers for booleans, PostgreSQL text for large numbers. */
function normal(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}
