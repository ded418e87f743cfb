import {
  isSignedKeyChange,
  KeyChange,
  limited,
  withRetired,
} from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { KeyChangeStore } from '../database/KeyChangeStore';
import { SealRenewalStore } from '../database/SealRenewalStore';
import { LedgerKeys } from './LedgerKeys';
import { nodeCrypto } from './nodeCrypto';
import { renewedUpTo } from './sealRenewal';

/** The keys of a chain, and how they follow each other. */
export interface KnownKeys {
  keys: LedgerKeys;
  /** What is said of how they follow each other, and signed */
  changes: KeyChange[];
  /** What is said of that and none of them has signed */
  forged: KeyChange[];
  /** Up to where the current key has put its seals in place of earlier ones: there, no other counts */
  renewedUpTo: number;
}

/**
 * The keys that are configured, and those that signed before them according to the ledger itself, so that what an earlier
 * key signed can be verified wherever its public half was lost. Each is believed on the word of its successor, and up to
 * where that one says.
 */
export async function knownKeys(
  db: Knex,
  keys: LedgerKeys,
  chain: string,
): Promise<KnownKeys> {
  const changes = await new KeyChangeStore(db).all();
  const renewal = await new SealRenewalStore(db).by(keys.current.id);
  const about = { chain, crypto: nodeCrypto };
  const all = withRetired(keys.known, changes, about);
  const signed = changes.filter(one => isSignedKeyChange(all, one, about));
  return {
    keys: keys.with(limited(all, signed, keys.current.publicKey)),
    changes: signed,
    forged: changes.filter(one => !signed.includes(one)),
    renewedUpTo: renewedUpTo(keys, chain, renewal),
  };
}
