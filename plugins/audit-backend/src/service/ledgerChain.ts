import {
  ArchiveAnchor,
  archiveText,
  ChainEnd,
  ChainProblem,
  ChainVerdict,
  Checkpoint,
  isSignedBy,
  problem,
  sortedWitnesses,
  verifyChain,
  WitnessSource,
  witnessesUpTo,
} from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { ArchiveStore } from '../database/ArchiveStore';
import { ChainState, ChainStore } from '../database/ChainStore';
import { CheckpointStore } from '../database/CheckpointStore';
import { RecordStore } from '../database/RecordStore';
import { KnownKeys, knownKeys } from '../keys/knownKeys';
import { LedgerKeys } from '../keys/LedgerKeys';
import { nodeCrypto } from '../keys/nodeCrypto';
import { isSignedCheckpoint } from '../keys/signedCheckpoints';
import { CheckpointFile, openCheckpointFile } from './checkpointFile';
import { placeOf, readRecords } from './ledgerPlaces';
import { headWitnesses, ledgerWitnesses, together } from './ledgerWitnesses';

export interface Range {
  from?: number;
  to?: number;
}

/** What is known of the chain outside the database, and how what is in it is read. */
export interface Outside {
  keys: LedgerKeys;
  /** Where checkpoints were carried to */
  checkpointFile?: string;
  /** The furthest end of the chain that this process has seen */
  seen: () => ChainEnd | undefined;
}

export type ChainFound = ChainVerdict & {
  /** First place that was looked at; the one after an archive or a checkpoint */
  from: number;
  /** What was read on the way, where it came so far */
  beside?: {
    file: CheckpointFile | undefined;
    lastCheckpoint: Checkpoint | undefined;
    known: KnownKeys;
    /** Whether the row that says where the chain ends is there */
    isNoted: boolean;
  };
};

/** Verifies the chain of the ledger, all or a range, with all that speaks of it. */
export async function verifyLedgerChain(
  db: Knex,
  outside: Outside,
  range: Range,
): Promise<ChainFound> {
  // What was seen is read first: it must be in what is read after it.
  const seen = outside.seen();
  const file = outside.checkpointFile
    ? await openCheckpointFile(outside.checkpointFile)
    : undefined;
  const lastCheckpoint = await new CheckpointStore(db).last();
  const state = await new ChainStore(db).read();
  const anchors = await new ArchiveStore(db).all();
  const chain = await chainId(db, state, anchors);
  const known = await knownKeys(db, outside.keys, chain);
  const { keys } = known;
  const kept = archiveEnd(chain, anchors, keys);
  if ('kind' in kept) return failed(kept);
  const before = await insertedBefore(db, kept.seq);
  if (before) return failed(before);
  const start = await startOf(db, kept, range.from, keys);
  if ('kind' in start) return failed(start);

  const to = range.to && (await signedEnd(db, range.to));
  const witnesses: WitnessSource[] = [
    ledgerWitnesses(db, start.seq, lastCheckpoint?.seq ?? 0),
    heads(headWitnesses(state?.head, seen, known.changes), start.seq),
  ];
  if (file) witnesses.push(sortedWitnesses(file.from(start.seq)));
  const all = together(witnesses);
  const verdict = await verifyChain(places(db, known, start.seq + 1, to), {
    ...{ chain, start, keys: keys.known, crypto: nodeCrypto },
    // A range ends where one of them speaks, so that it is missed where the range ends before.
    witnesses: to === undefined ? all : witnessesUpTo(to, all),
    sealedUpTo: state?.head.seq,
  });
  return {
    ...verdict,
    from: start.seq + 1,
    beside: { file, lastCheckpoint, known, isNoted: state !== undefined },
  };
}

/** The id of the chain, also where the row that says it was deleted. */
async function chainId(
  db: Knex,
  state: ChainState | undefined,
  anchors: ArchiveAnchor[],
): Promise<string> {
  if (state) return state.chain;
  const [checkpoint] = await new CheckpointStore(db).from(0, 1);
  return anchors[0]?.chain ?? checkpoint?.chain ?? '';
}

/** The signed place at the end of a range; nothing if that is the end of the chain. */
async function signedEnd(db: Knex, to: number): Promise<number | undefined> {
  const [checkpoint] = await new CheckpointStore(db).from(to, 1);
  return checkpoint?.seq;
}

/** The records of a range. Where some at its end are missing, those that follow show what became of them. */
async function* places(
  db: Knex,
  known: KnownKeys,
  from: number,
  to: number | undefined,
) {
  let last = from - 1;
  for await (const row of readRecords(db, from, to)) {
    last = row.seq;
    yield placeOf(row, known);
  }
  if (to === undefined || last >= to) return;
  for await (const row of readRecords(db, to + 1, undefined)) {
    yield placeOf(row, known);
  }
}

/** What the first record that is kept follows: the last one that was archived, or the beginning. */
function archiveEnd(
  chain: string,
  anchors: ArchiveAnchor[],
  keys: LedgerKeys,
): ChainEnd | ChainProblem {
  let start: ChainEnd = { seq: 0, hash: chain };
  for (const anchor of anchors) {
    if (anchor.from !== start.seq + 1) {
      return problem(
        'removed',
        { seq: start.seq + 1 },
        `and those up to ${
          anchor.from - 1
        } are in no archive that is known here.`,
      );
    }
    const text = archiveText(anchor);
    const signed = isSignedBy(keys.known, anchor, text, nodeCrypto, anchor.to);
    if (!signed || anchor.chain !== chain) {
      return problem(
        'checkpoint forged',
        { seq: anchor.to },
        `is said to be the last one of the archive ${anchor.file}, but the ledger has not signed that.`,
      );
    }
    start = { seq: anchor.to, hash: anchor.hash };
  }
  return start;
}

/** The signed place before the range, or before all that is kept. */
async function startOf(
  db: Knex,
  start: ChainEnd,
  from: number | undefined,
  keys: LedgerKeys,
): Promise<ChainEnd | ChainProblem> {
  if (from === undefined || from <= start.seq + 1) return start;
  const checkpoint = await new CheckpointStore(db).lastUpTo(from - 1);
  if (!checkpoint || checkpoint.seq <= start.seq) return start;
  return isSignedCheckpoint(checkpoint, { keys: keys.known })
    ? { seq: checkpoint.seq, hash: checkpoint.hash }
    : problem(
        'checkpoint forged',
        { seq: checkpoint.seq },
        `has a checkpoint of ${checkpoint.at} that none of the known keys has signed.`,
      );
}

/** A row before the chain: nothing is sealed there, and what was archived is removed together with saying so. */
async function insertedBefore(
  db: Knex,
  end: number,
): Promise<ChainProblem | undefined> {
  const row = await new RecordStore(db).firstUpTo(end);
  if (!row) return undefined;
  const where =
    end === 0 || row.seq < 1
      ? 'the chain begins with 1'
      : `those up to ${end} were archived and removed`;
  return problem(
    'inserted',
    row,
    `was inserted: the ledger keeps none there, since ${where}.`,
  );
}

function failed(found: ChainProblem): ChainFound {
  return {
    ...{ ok: false, problem: found, checked: 0, checkpoints: 0 },
    ...{ signedBy: [], from: 1, head: { seq: 0, hash: '' } },
  };
}

function heads(
  witnesses: ReturnType<typeof headWitnesses>,
  from: number,
): WitnessSource {
  return sortedWitnesses(
    witnesses
      .filter(({ seq }) => seq > 0 && seq >= from)
      .sort((a, b) => a.seq - b.seq),
  );
}
