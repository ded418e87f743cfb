import { parseBody, RecordBody } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { z } from 'zod';
import { IntakeRow } from '../database/IntakeStore';
import { RecordStore } from '../database/RecordStore';
import { RejectedStore } from '../database/RejectedStore';
import { nodeCrypto } from '../keys/nodeCrypto';

/** What the ledger itself records of what it did not take in, so that removing that leaves a trace. */
const EVENTS = { aside: 'put-aside', back: 'take-back' } as const;
const PLUGIN = 'audit';
/** Of which one record speaks. */
const MOST_ROWS = 100;
const BATCH = 500;

const metaSchema = z.object({
  rows: z.array(z.object({ id: z.string(), digest: z.string() })),
});

/** Records that say which rows were put aside, or taken back from there. */
export function putAsideBodies(
  what: keyof typeof EVENTS,
  rows: IntakeRow[],
  made: { at: string; newId: () => string },
): RecordBody[] {
  const bodies: RecordBody[] = [];
  for (let from = 0; from < rows.length; from += MOST_ROWS) {
    bodies.push({
      ...{ v: 1, id: made.newId(), at: made.at, plugin: PLUGIN },
      ...{ event: EVENTS[what], severity: 'high', phase: 'outcome' },
      ...{ outcome: 'succeeded', door: 'system' },
      actor: { kind: 'service', ref: `plugin:${PLUGIN}` },
      meta: {
        rows: rows
          .slice(from, from + MOST_ROWS)
          .map(row => ({ id: row.id, digest: digestOf(row) })),
      },
    });
  }
  return bodies;
}

function digestOf({ body, mac }: Pick<IntakeRow, 'body' | 'mac'>): string {
  return nodeCrypto.sha256(`${mac}\n${body}`);
}

/**
 * Rows that were put aside, according to the chain, and are no longer there or no longer what they were.
 *
 * @returns their ids, in the order in which they were put aside
 */
export async function lostRows(db: Knex): Promise<string[]> {
  const aside = new Map<string, string>();
  const records = new RecordStore(db);
  const events = Object.values(EVENTS).map(event => `${PLUGIN}.${event}`);
  for (let after = 0; ; ) {
    const rows = await records.byEvents(events, after, BATCH);
    for (const { event, body } of rows) {
      const meta = metaSchema.safeParse(parseBody(body)?.meta);
      const isBack = event.endsWith(EVENTS.back);
      for (const { id, digest } of meta.success ? meta.data.rows : []) {
        if (isBack) aside.delete(id);
        else aside.set(id, digest);
      }
    }
    if (rows.length < BATCH) break;
    after = rows[rows.length - 1].seq;
  }
  const ids = [...aside.keys()];
  for (let from = 0; from < ids.length; from += BATCH) {
    const some = ids.slice(from, from + BATCH);
    for (const row of await new RejectedStore(db).byIds(some)) {
      if (aside.get(row.id) === digestOf(row)) aside.delete(row.id);
    }
  }
  return [...aside.keys()];
}
