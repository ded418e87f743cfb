import { ChainPlace } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import {
  FoundRow,
  RecordEnvironmentStore,
} from '../database/RecordEnvironmentStore';
import { RecordRow, RecordStore } from '../database/RecordStore';
import { KnownKeys } from '../keys/knownKeys';
import { keyIdOf } from '../keys/LedgerKeys';
import { LATE_MS } from './Sealer';

const BATCH = 1_000;

/**
 * Reads the chain from a place on, to another or to its end, some at a time. Of several records at one place it gives all:
 * where the table has lost its key, there can be more than one.
 */
export async function* readRecords(
  db: Knex,
  from: number,
  to: number = Infinity,
): AsyncGenerator<FoundRow> {
  const store = new RecordStore(db);
  const environments = new RecordEnvironmentStore(db);
  // The database reads the next ones while these are looked at.
  const ask = (seq: number, given: number) => {
    const rows = store
      .from(seq, BATCH + given)
      .then(found => environments.with(found.slice(given)));
    // Nobody may be left to hear of it.
    rows.catch(() => {});
    return rows;
  };
  let asked: Promise<FoundRow[]> | undefined = ask(from, 0);
  let place = from;
  let given = 0;
  while (asked) {
    const rows: FoundRow[] = await asked;
    const last = rows[rows.length - 1];
    const more = rows.length === BATCH && last.seq <= to;
    if (more) {
      // The next ones may be at the same place: read on from there, behind what was given of it.
      const same = rows.filter(({ seq }) => seq === last.seq).length;
      given = last.seq === place ? given + same : same;
      place = last.seq;
    }
    asked = more ? ask(place, given) : undefined;
    for (const row of rows) {
      if (row.seq > to) return;
      yield row;
    }
  }
}

/**
 * A stored record as a place of the chain, with what only the ledger can tell of it.
 *
 * A seal by the key that signs now counts everywhere. One by an earlier key counts where its whole key is configured, and
 * behind what was renewed. Where only its public half is known, nobody can check the seal: such a place waits for what else
 * speaks for it, as long as it can be one that the renewal has not come to, or had to leave.
 */
export function placeOf(row: FoundRow, known: KnownKeys): ChainPlace {
  const { seal, sealed_at, late, mistyped = [], ...stored } = row;
  const { seq, prev, hash, body, environments, ...columns } = stored;
  const isLate = Date.parse(sealed_at) - Date.parse(row.at) > LATE_MS;
  const misfits = [...mistyped, ...(isLate === late ? [] : ['late'])];
  return {
    ...{ seq, prev, hash, columns, environments, content: { body } },
    ...sealOf(row, known),
    ...(misfits.length > 0 && { misfits }),
  };
}

function sealOf(
  { seq, hash, seal, sealed_at }: RecordRow,
  { keys, changes, renewedUpTo }: KnownKeys,
): Pick<ChainPlace, 'sealed' | 'awaits' | 'outdated'> {
  const verdict = keys.checkPlace(hash, sealed_at, seal);
  const keyId = keyIdOf(seal);
  if (verdict === 'invalid') return { sealed: false };
  if (verdict === 'valid') {
    const counts = keyId === keys.current.id || seq > renewedUpTo;
    return counts ? { sealed: true } : { sealed: false, outdated: keyId };
  }
  const key = keys.known.find(({ id }) => id === keyId);
  const left = changes.some(
    ({ retired, proven, seq: upTo }) =>
      retired === key?.publicKey && seq > (proven ?? upTo) && seq <= upTo,
  );
  const ended = seq > (key?.upTo ?? Infinity);
  return !ended && (left || seq > renewedUpTo)
    ? { sealed: false, awaits: keyId }
    : { sealed: false, outdated: keyId };
}
