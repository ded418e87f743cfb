import {
  ChainPlace,
  checkpointText,
  isSignedBy,
} from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { CheckpointStore } from '../database/CheckpointStore';
import { RecordRow, RecordStore } from '../database/RecordStore';
import { LedgerKeys } from '../keys/LedgerKeys';
import { nodeCrypto } from '../keys/nodeCrypto';
import { LATE_MS } from './Sealer';

const BATCH = 1_000;

/** Reads the chain from a place on, to another or to its end, some at a time. */
export async function* readRecords(
  db: Knex,
  from: number,
  to: number = Infinity,
): AsyncGenerator<RecordRow> {
  const store = new RecordStore(db);
  // The database reads the next ones while these are looked at.
  const ask = (seq: number) => {
    const rows = store.from(seq, BATCH);
    // Nobody may be left to hear of it.
    rows.catch(() => {});
    return rows;
  };
  let asked: Promise<RecordRow[]> | undefined = ask(from);
  while (asked) {
    const rows: RecordRow[] = await asked;
    const last = rows[rows.length - 1];
    const more = rows.length === BATCH && last.seq < to;
    asked = more ? ask(last.seq + 1) : undefined;
    for (const row of rows) {
      if (row.seq > to) return;
      yield row;
    }
  }
}

/** Up to which place seals by earlier keys, of which only the public half is known, are taken as good. */
export async function readRetiredUpTo(
  db: Knex,
  keys: LedgerKeys,
): Promise<number> {
  if (!keys.hasRetired) return Infinity;
  const store = new CheckpointStore(db);
  const first = await store.firstBy(keys.current.id);
  if (!first) return Infinity;
  // While replicas get a new key, those with the old one may seal and sign after those with the new.
  let upTo = first.seq;
  for (const { id } of keys.known) {
    const last = id === keys.current.id ? undefined : await store.lastBy(id);
    if (!last || last.seq <= upTo) continue;
    if (isSignedBy(keys.known, last, checkpointText(last), nodeCrypto)) {
      upTo = last.seq;
    }
  }
  return upTo;
}

/**
 * A stored record as a place of the chain, with what only the ledger can tell of it.
 *
 * @param retiredUpTo - seals by earlier keys, of which only the public half is known, are taken as good up to this place
 */
export function placeOf(
  row: RecordRow,
  keys: LedgerKeys,
  retiredUpTo: number,
): ChainPlace {
  const { seq, prev, hash, seal, body, sealed_at, late, ...columns } = row;
  const verdict = keys.checkPlace(hash, sealed_at, seal);
  const isLate = Date.parse(sealed_at) - Date.parse(row.at) > LATE_MS;
  return {
    ...{ seq, prev, hash, columns, content: { body } },
    sealed:
      verdict === 'valid' || (verdict === 'unknown' && seq <= retiredUpTo),
    ...(isLate !== late && { misfits: ['late'] }),
  };
}
