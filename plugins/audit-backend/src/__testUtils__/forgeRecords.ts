import { columnsOf, linkHash, parseBody } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { RecordStore } from '../database/RecordStore';
import { LedgerKeys } from '../keys/LedgerKeys';
import { nodeCrypto } from '../keys/nodeCrypto';

/**
 * Changes a record, as somebody does who has the database, and makes hashes fit up to another one.
 *
 * @param seal - by a key that was stolen, or what only looks like a seal of a key; without it, seals stay
 */
export async function forgeRecords(
  db: Knex,
  range: { from: number; to: number },
  seal?: LedgerKeys | { as: string },
): Promise<void> {
  const rows = await new RecordStore(db).from(1, 1_000);
  let { prev } = rows[range.from - 1];
  for (const row of rows.slice(range.from - 1, range.to)) {
    const body = parseBody(row.body);
    if (!body) throw new Error(`record ${row.seq} cannot be read`);
    if (row.seq === range.from) body.actor.ref = 'user:default/eve';
    const text = JSON.stringify(body);
    const digest = nodeCrypto.sha256(text);
    const hash = linkHash(prev, row.seq, digest, nodeCrypto);
    await db('records')
      .where({ seq: row.seq })
      .update({
        ...{ ...columnsOf(body), body: text, prev, hash },
        ...(seal && { seal: sealOf(seal, hash, row.sealed_at) }),
      });
    prev = hash;
  }
  if (range.to >= rows.length) await db('chain').update({ head_hash: prev });
}

function sealOf(
  seal: LedgerKeys | { as: string },
  hash: string,
  sealedAt: string,
): string {
  return seal instanceof LedgerKeys
    ? seal.markPlace(hash, sealedAt)
    : `${seal.as}:${'0'.repeat(64)}`;
}
