import { KeyChange, withRetired } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { KeyChangeStore } from '../database/KeyChangeStore';
import { LedgerKeys } from './LedgerKeys';
import { nodeCrypto } from './nodeCrypto';

/**
 * The keys that are configured, and those that signed before them according to the ledger itself, so that what an earlier
 * key signed can be verified wherever its public half was lost. Each is believed on the word of its successor.
 */
export async function knownKeys(
  db: Knex,
  keys: LedgerKeys,
  chain: string,
): Promise<{ keys: LedgerKeys; changes: KeyChange[] }> {
  const changes = await new KeyChangeStore(db).all();
  const all = withRetired(keys.known, changes, { chain, crypto: nodeCrypto });
  return { keys: keys.with(all), changes };
}
