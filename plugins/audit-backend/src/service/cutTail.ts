import {
  ChainEnd,
  ChainProblem,
  Checkpoint,
  checkWitness,
  compareWitness,
  missingTail,
  witnessSeq,
} from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { ArchiveStore } from '../database/ArchiveStore';
import { ChainState, ChainStore } from '../database/ChainStore';
import { RecordStore } from '../database/RecordStore';
import { knownKeys } from '../keys/knownKeys';
import { nodeCrypto } from '../keys/nodeCrypto';
import { LedgerKeys } from '../keys/LedgerKeys';
import {
  isSignedCheckpoint,
  lastSignedCheckpoint,
} from '../keys/signedCheckpoints';
import { lastInFile, witnessesAgainst } from './checkpointFile';
import { Outside } from './ledgerChain';
import { lastSealed } from './sealedRows';
import { checkpointWitness, headWitnesses } from './ledgerWitnesses';

/**
 * What says that the chain went on behind where it ends now: what this process has seen, what the ledger noted of its
 * end, or a checkpoint that it signed, in the database or carried out of it. Also that it took the place of another chain.
 *
 * @param how - `quickly`: of what was carried out, only the last is heard
 */
export async function cutTail(
  db: Knex,
  outside: Outside,
  how: 'thoroughly' | 'quickly',
): Promise<ChainProblem | undefined> {
  // Those who speak are heard first: what they speak of must be in what is read after them.
  const seen = outside.seen();
  const before = await new ChainStore(db).read();
  const { keys, changes } = await knownKeys(
    ...([db, outside.keys, before?.chain ?? ''] as const),
  );
  const isSigned = (checkpoint: Checkpoint) =>
    isSignedCheckpoint(checkpoint, { keys: keys.known });
  // Where nothing says which chain it is, each that was signed speaks.
  const inDatabase = await lastSignedCheckpoint(db, {
    ...{ keys: keys.known, chain: before?.chain },
  });
  const carried = await carriedOut(outside.checkpointFile, before, how);
  const state = await new ChainStore(db).read();
  const end = await endOf(db, keys);
  // Where the folder is concerns nobody who only looks.
  const file =
    how === 'quickly'
      ? 'outside of the database'
      : outside.checkpointFile ?? '';
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
    ...(inDatabase ? [checkpointWitness(inDatabase, 'the database')] : []),
    ...carried.filter(isSigned).map(one => checkpointWitness(one, file)),
  ]
    .filter(witness => witnessSeq(witness) > end.seq)
    .sort((a, b) => witnessSeq(b) - witnessSeq(a));
  if (beyond.length > 0) return missingTail(beyond[0], end);
  return seen && writtenOver(db, seen);
}

async function carriedOut(
  file: string | undefined,
  state: ChainState | undefined,
  how: 'thoroughly' | 'quickly',
): Promise<Checkpoint[]> {
  if (!file) return [];
  if (how === 'quickly') return [(await lastInFile(file)) ?? []].flat();
  return witnessesAgainst(file, {
    chain: state?.chain,
    end: state?.head.seq ?? 0,
  });
}

/** Whether something else stands now where this process has seen the end. */
async function writtenOver(
  db: Knex,
  seen: ChainEnd,
): Promise<ChainProblem | undefined> {
  const row = await new RecordStore(db).at(seen.seq);
  const [witness] = headWitnesses(undefined, seen, []);
  // What was archived meanwhile is not there.
  return row && compareWitness(witness, row, seen.seq);
}

async function endOf(db: Knex, keys: LedgerKeys): Promise<ChainEnd> {
  const last = await lastSealed(db, keys);
  const anchor = await new ArchiveStore(db).last();
  if (last && last.seq > (anchor?.to ?? 0)) {
    return { seq: last.seq, hash: last.hash };
  }
  return anchor ? { seq: anchor.to, hash: anchor.hash } : { seq: 0, hash: '' };
}
