import {
  archiveText,
  ChainEnd,
  ChainProblem,
  isSignedBy,
  problem,
} from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { ArchiveStore } from '../database/ArchiveStore';
import { LedgerKeys } from '../keys/LedgerKeys';
import { nodeCrypto } from '../keys/nodeCrypto';

/**
 * Why it can't be believed that the records before those that are kept were archived. All reading leaves those out, so
 * that whoever puts an archive there that was never made would hide records.
 *
 * @param head - the end of the chain; nothing can be archived beyond it
 */
export async function archiveProblem(
  db: Knex,
  keys: LedgerKeys,
  chain: string,
  head: ChainEnd | undefined,
): Promise<ChainProblem | undefined> {
  const last = await new ArchiveStore(db).last();
  if (!last) return undefined;
  const text = archiveText(last);
  const isSigned = isSignedBy(keys.known, last, text, nodeCrypto, last.to);
  const fits = last.chain === chain && last.to <= (head?.seq ?? 0);
  if (isSigned && fits) return undefined;
  return problem(
    'checkpoint forged',
    { seq: last.to },
    `is said to be the last one of the archive ${last.file}, but the ledger has not signed that.`,
  );
}
