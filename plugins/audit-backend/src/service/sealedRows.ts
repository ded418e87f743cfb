import { linkHash } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { RecordRow, RecordStore } from '../database/RecordStore';
import { LedgerKeys, Verdict } from '../keys/LedgerKeys';
import { nodeCrypto } from '../keys/nodeCrypto';

function verdictOf(row: RecordRow, keys: LedgerKeys): Verdict {
  const { seq, prev, hash, sealed_at, seal } = row;
  const digest = nodeCrypto.sha256(row.body);
  return linkHash(prev, seq, digest, nodeCrypto) === hash
    ? keys.checkPlace(hash, sealed_at, seal)
    : 'invalid';
}

/**
 * Whether a row was sealed where it stands, as far as it can be told from it alone: whoever writes to the database can put a good row at
 * another place.
 */
export function isSealedThere(row: RecordRow, keys: LedgerKeys): boolean {
  return verdictOf(row, keys) !== 'invalid';
}

/** The last record that was sealed. What somebody else put behind it is passed over; verifying names it. */
export function lastSealed(
  db: Knex,
  keys: LedgerKeys,
): Promise<RecordRow | undefined> {
  const store = new RecordStore(db);
  return store.lastThat(async row => {
    const verdict = verdictOf(row, keys);
    if (verdict === 'invalid') return false;
    if (verdict === 'valid' || row.seq === 1) return true;
    // Of a key that was lost, only its place in the chain speaks for it.
    return (await store.at(row.seq - 1))?.hash === row.prev;
  });
}
