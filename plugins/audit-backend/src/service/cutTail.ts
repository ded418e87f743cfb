import {
  ChainEnd,
  ChainProblem,
  Checkpoint,
  checkpointText,
  isSignedBy,
  missingTail,
  Witness,
  witnessSeq,
} from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { ArchiveStore } from '../database/ArchiveStore';
import { ChainStore } from '../database/ChainStore';
import { CheckpointStore } from '../database/CheckpointStore';
import { RecordStore } from '../database/RecordStore';
import { knownKeys } from '../keys/knownKeys';
import { LedgerKeys } from '../keys/LedgerKeys';
import { nodeCrypto } from '../keys/nodeCrypto';
import { lastCheckpointsIn } from './checkpointFile';
import { Outside } from './ledgerChain';

/**
 * What says that the chain went on behind where it ends now: what this process has seen, what the ledger noted of its
 * end, or a checkpoint that it signed, in the database or carried out of it.
 */
export async function cutTail(
  db: Knex,
  outside: Outside,
): Promise<ChainProblem | undefined> {
  // Those who speak are heard first: what they speak of must be in what is read after them.
  const seen = outside.seen();
  const inDatabase = await new CheckpointStore(db).last();
  const carried = outside.checkpointFile
    ? await lastCheckpointsIn(outside.checkpointFile)
    : [];
  const state = await new ChainStore(db).read();
  const end = await endOf(db);
  const { keys } = await knownKeys(db, outside.keys, state?.chain ?? '');
  const signed = (checkpoint: Checkpoint) =>
    isSigned(checkpoint, keys, state?.chain);
  const witnesses: Witness[] = [
    ...heads('what this process has seen', seen),
    ...heads('what the ledger noted of its end', state?.head),
    ...[inDatabase ?? []].flat().filter(signed).map(from('the database')),
    ...carried.filter(signed).map(from(outside.checkpointFile ?? '')),
  ];
  const beyond = witnesses
    .filter(witness => witnessSeq(witness) > end.seq)
    .sort((a, b) => witnessSeq(b) - witnessSeq(a));
  return beyond.length > 0 ? missingTail(beyond[0], end) : undefined;
}

async function endOf(db: Knex): Promise<ChainEnd> {
  const last = await new RecordStore(db).last();
  const anchor = await new ArchiveStore(db).last();
  if (last && last.seq > (anchor?.to ?? 0)) {
    return { seq: last.seq, hash: last.hash };
  }
  return anchor ? { seq: anchor.to, hash: anchor.hash } : { seq: 0, hash: '' };
}

function heads(source: string, head: ChainEnd | undefined): Witness[] {
  return head ? [{ kind: 'head', ...head, source }] : [];
}

function from(source: string): (checkpoint: Checkpoint) => Witness {
  return checkpoint => ({ kind: 'checkpoint', checkpoint, source });
}

/** Of a chain whose id is gone, any that the ledger has signed speaks. */
function isSigned(
  checkpoint: Checkpoint,
  keys: LedgerKeys,
  chain: string | undefined,
): boolean {
  const ofThis = chain === undefined || checkpoint.chain === chain;
  const text = checkpointText(checkpoint);
  return ofThis && isSignedBy(keys.known, checkpoint, text, nodeCrypto);
}
