import { aboutOf } from '@highroad/plugin-metrics-backend/testing';
import { storedEvent } from '@highroad/plugin-metrics-common';
import { Knex } from 'knex';
import { BenchEvent } from './deliveryHistory';

const AT_ONCE = 2_000;
const SQLITE_AT_ONCE = 200;
const COLUMNS = [
  ...['source', 'event_id', 'type', 'time', 'received_at'],
  ...['service', 'example', 'about', 'data'],
];

/**
 * Writes events into the ledger without looking at each, as the bench is about what follows.
 *
 * @returns how many
 */
export async function bulkLedger(
  db: Knex,
  events: Iterable<BenchEvent>,
): Promise<number> {
  let count = 0;
  let rows: Array<Array<string | boolean>> = [];
  const flush = async () => {
    await insert(db, rows);
    count += rows.length;
    rows = [];
  };
  for (const event of events) {
    const { source, id, type, time, data } = event;
    const about = aboutOf(storedEvent(event));
    const text = JSON.stringify(data);
    rows.push([source, id, type, time, time, data.service, false, about, text]);
    if (rows.length === AT_ONCE) await flush();
  }
  await flush();
  await db('source_kinds').insert(
    db('ledger')
      .groupBy('source', 'type', 'example')
      .select('source', 'type', 'example')
      .count({ events: '*' })
      .max({ last_event_at: 'time', last_heard_at: 'received_at' }),
  );
  return count;
}

async function insert(
  db: Knex,
  rows: Array<Array<string | boolean>>,
): Promise<void> {
  if (rows.length === 0) return;
  if (db.client.config.client === 'pg') {
    // One value for each column is read several times as fast as one for each field.
    await db.raw(
      `insert into ledger (${COLUMNS.join(
        ', ',
      )}) select * from unnest(${COLUMNS.map(name =>
        name === 'example' ? '?::boolean[]' : '?::text[]',
      ).join(', ')})`,
      COLUMNS.map((_, at) => rows.map(row => String(row[at]))),
    );
    return;
  }
  await db.batchInsert(
    'ledger',
    rows.map(row =>
      Object.fromEntries(COLUMNS.map((name, at) => [name, row[at]])),
    ),
    SQLITE_AT_ONCE,
  );
}
