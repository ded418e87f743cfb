import {
  isSignedKeyChange,
  KeyChange,
  withRetired,
} from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { KeyChangeStore } from '../database/KeyChangeStore';
import { LedgerKeys } from './LedgerKeys';
import { nodeCrypto } from './nodeCrypto';

/**
 * The keys that are configured, and those that signed before them according to the ledger itself, so that what an earlier
 * key signed can be verified wherever its public half was lost. Each is believed on the word of its successor.
 *
 * @returns the keys, what is said of how they follow each other, and what of that none of them has signed
 */
export async function knownKeys(
  db: Knex,
  keys: LedgerKeys,
  chain: string,
): Promise<{
  keys: LedgerKeys;
  changes: KeyChange[];
  forged: KeyChange[];
}> {
  const changes = await new KeyChangeStore(db).all();
  const about = { chain, crypto: nodeCrypto };
  const all = withRetired(keys.known, changes, about);
  const signed = changes.filter(one => isSignedKeyChange(all, one, about));
  return {
    keys: keys.with(all),
    changes: signed,
    forged: changes.filter(one => !signed.includes(one)),
  };
}
