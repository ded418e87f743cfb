import { storableText } from '@highroad/plugin-metrics-common';
import { Knex } from 'knex';
import { Row } from './factRows';
import { isPostgres } from './isPostgres';

/** So many are sent at once, that what is in memory twice meanwhile stays small. */
const AT_ONCE = 5_000;

/**
 * Inserts rows by a single value, their JSON: databases read it several times as fast as a value for each field, and don't limit how
 * many there are.
 *
 * @param options.rows - all of the same columns
 * @param options.conflict - what tells rows apart; those that are there are replaced, or left as they are
 * @param options.returning - columns of the rows that were inserted
 */
export async function insertRows<T extends object = never>(
  transaction: Knex,
  options: {
    table: string;
    rows: Row[];
    conflict?: { columns: string[]; replace?: boolean };
    returning?: string[];
  },
): Promise<T[]> {
  const { table, rows, conflict, returning } = options;
  const names = Object.keys(rows[0] ?? {});
  const onPostgres = isPostgres(transaction);
  const source = onPostgres
    ? `select ${names
        .map(() => '??')
        .join(', ')} from json_populate_recordset(null::??, ?::json)`
    : `select ${names
        .map((_, at) => `json_extract(value, '$[${at}]')`)
        .join(', ')} from json_each(?) where true`;
  const changed = names.filter(name => !conflict?.columns.includes(name));
  const onConflict =
    conflict &&
    ` on conflict (${conflict.columns.map(() => '??').join(', ')}) do ${
      conflict.replace && changed.length > 0
        ? `update set ${changed.map(() => '?? = excluded.??').join(', ')}`
        : 'nothing'
    }`;
  const inserted: T[] = [];
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const part = rows.slice(from, from + AT_ONCE);
    const query = transaction.raw(
      [
        `insert into ?? (${names.map(() => '??').join(', ')}) ${source}`,
        onConflict ?? '',
        returning ? ` returning ${returning.map(() => '??').join(', ')}` : '',
      ].join(''),
      [
        ...[table, ...names],
        ...(onPostgres ? [...names, table] : []),
        jsonOf(part, given =>
          onPostgres ? given : given.map(row => names.map(name => row[name])),
        ),
        ...(conflict
          ? [
              ...conflict.columns,
              ...(conflict.replace ? changed.flatMap(one => [one, one]) : []),
            ]
          : []),
        ...(returning ?? []),
      ],
    );
    const answer = await query;
    if (returning) inserted.push(...(onPostgres ? answer.rows : answer));
  }
  return inserted;
}

/** In JSON, of what PostgreSQL makes no text: NUL, and half of a character. It may be a part of JSON that is text itself. */
const NOT_STORABLE = /\\u(?:0000|d[89a-f])/;

/** Rows as JSON. What was told before such texts were refused is written with a sign in place of what databases don't take. */
function jsonOf(rows: Row[], shape: (rows: Row[]) => unknown): string {
  const json = JSON.stringify(shape(rows));
  if (!NOT_STORABLE.test(json)) return json;
  return JSON.stringify(
    shape(
      rows.map(row =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [
            name,
            typeof value === 'string' ? storableText(value) : value,
          ]),
        ),
      ),
    ),
  );
}

/**
 * The rows of a table in which some columns have one of many combinations of texts, each found by an index of these columns.
 * The table is named as itself, the combinations `looked`.
 *
 * @param options.without - a column that has nothing in the rows that are meant, where the index has only these
 */
export function rowsWith(
  db: Knex,
  table: string,
  columns: string[],
  values: string[][],
  options: { without?: string } = {},
): Knex.QueryBuilder {
  const onPostgres = isPostgres(db);
  const given = onPostgres
    ? db.raw(
        `unnest(${columns
          .map(() => '?::text[]')
          .join(', ')}) as looked(${columns
          .map((_, at) => `c${at}`)
          .join(', ')})`,
        columns.map((_, at) => values.map(one => one[at])),
      )
    : db.raw(
        `(select ${columns
          .map((_, at) => `json_extract(value, '$[${at}]') as c${at}`)
          .join(', ')} from json_each(?)) as looked`,
        [JSON.stringify(values)],
      );
  const { without } = options;
  const same = [
    ...columns.map((_, at) => `??.?? = looked.c${at}`),
    ...(without === undefined ? [] : ['??.?? is null']),
  ].join(' and ');
  const found = [
    ...columns,
    ...(without === undefined ? [] : [without]),
  ].flatMap(column => [table, column]);
  // Either would walk through the whole table where it thinks that there are many of each.
  return onPostgres
    ? db
        .from(given)
        .joinRaw(
          `cross join lateral (select * from ?? where ${same} offset 0) as ??`,
          [table, ...found, table],
        )
    : db.from(given).joinRaw(`cross join ?? on ${same}`, [table, ...found]);
}
