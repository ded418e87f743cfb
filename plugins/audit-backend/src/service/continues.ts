import { ChainEnd } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { ArchiveStore } from '../database/ArchiveStore';
import { RecordStore } from '../database/RecordStore';

/** Whether the chain, as it is in the database now, goes on from an end that was seen before. */
export async function continues(
  db: Knex,
  seen: ChainEnd,
  head: ChainEnd,
): Promise<boolean> {
  if (seen.seq === 0) return true;
  if (head.seq < seen.seq) return false;
  const row = await new RecordStore(db).at(seen.seq);
  if (row) return row.hash === seen.hash;
  const archived = await new ArchiveStore(db).last();
  return (archived?.to ?? 0) >= seen.seq;
}
