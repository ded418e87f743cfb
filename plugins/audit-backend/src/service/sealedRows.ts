import { linkHash } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { RecordRow, RecordStore } from '../database/RecordStore';
import { LedgerKeys } from '../keys/LedgerKeys';
import { nodeCrypto } from '../keys/nodeCrypto';

/**
 * Whether a row was sealed where it stands, as far as it can be told from it alone: whoever writes to the database can put a good row at
 * another place.
 */
export function isSealedThere(row: RecordRow, keys: LedgerKeys): boolean {
  const { seq, prev, hash, sealed_at, seal } = row;
  const digest = nodeCrypto.sha256(row.body);
  return (
    linkHash(prev, seq, digest, nodeCrypto) === hash &&
    keys.checkPlace(hash, sealed_at, seal) !== 'invalid'
  );
}

/** The last record that was sealed. What somebody else put behind it is passed over; verifying names it. */
export function lastSealed(
  db: Knex,
  keys: LedgerKeys,
): Promise<RecordRow | undefined> {
  const store = new RecordStore(db);
  return store.lastThat(async row => {
    if (!isSealedThere(row, keys)) return false;
    const verdict = keys.checkPlace(row.hash, row.sealed_at, row.seal);
    if (verdict === 'valid' || row.seq === 1) return true;
    // Of a key that was lost, only its place in the chain speaks for it.
    const before = await store.at(row.seq - 1);
    return before === undefined ? false : before.hash === row.prev;
  });
}
