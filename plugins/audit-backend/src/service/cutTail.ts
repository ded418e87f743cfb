import {
  ChainEnd,
  ChainProblem,
  Checkpoint,
  checkpointText,
  checkWitness,
  isSignedBy,
  missingTail,
  witnessSeq,
} from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { ArchiveStore } from '../database/ArchiveStore';
import { ChainStore } from '../database/ChainStore';
import { CheckpointStore } from '../database/CheckpointStore';
import { RecordStore } from '../database/RecordStore';
import { knownKeys } from '../keys/knownKeys';
import { nodeCrypto } from '../keys/nodeCrypto';
import { witnessesAgainst } from './checkpointFile';
import { Outside } from './ledgerChain';
import { checkpointWitness, headWitnesses } from './ledgerWitnesses';

/**
 * What says that the chain went on behind where it ends now: what this process has seen, what the ledger noted of its
 * end, or a checkpoint that it signed, in the database or carried out of it. Also that it took the place of another chain.
 */
export async function cutTail(
  db: Knex,
  outside: Outside,
): Promise<ChainProblem | undefined> {
  // Those who speak are heard first: what they speak of must be in what is read after them.
  const seen = outside.seen();
  const inDatabase = await new CheckpointStore(db).last();
  const before = await new ChainStore(db).read();
  const carried = outside.checkpointFile
    ? await witnessesAgainst(outside.checkpointFile, {
        chain: before?.chain,
        end: before?.head.seq ?? 0,
      })
    : [];
  const state = await new ChainStore(db).read();
  const end = await endOf(db);
  const { keys, changes } = await knownKeys(
    ...([db, outside.keys, state?.chain ?? ''] as const),
  );
  const isSigned = (checkpoint: Checkpoint) => {
    const text = checkpointText(checkpoint);
    const { seq } = checkpoint;
    return isSignedBy(keys.known, checkpoint, text, nodeCrypto, seq);
  };
  const file = outside.checkpointFile ?? '';
  const other = carried.find(
    one => state && one.chain !== state.chain && isSigned(one),
  );
  if (other && state) {
    const { known } = keys;
    return checkWitness(checkpointWitness(other, file), {
      ...{ chain: state.chain, keys: known, crypto: nodeCrypto },
    });
  }
  const beyond = [
    ...headWitnesses(state?.head, seen, changes),
    ...(inDatabase && isSigned(inDatabase)
      ? [checkpointWitness(inDatabase, 'the database')]
      : []),
    ...carried.filter(isSigned).map(one => checkpointWitness(one, file)),
  ]
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
