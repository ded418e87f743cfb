import {
  ChainEnd,
  Checkpoint,
  KeyChange,
  Unproven,
} from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { ArchiveStore } from '../database/ArchiveStore';
import { CheckpointStore } from '../database/CheckpointStore';
import { IntakeStore } from '../database/IntakeStore';
import { OpenIntentStore } from '../database/OpenIntentStore';
import { RejectedStore } from '../database/RejectedStore';
import { CheckpointFile } from './checkpointFile';
import { IntakeState } from './Intake';
import { lostRows } from './putAside';

/** What came in is sealed within a second; this is far more. */
const LONG_MS = 60_000;
const BATCH = 1_000;

/** Since when the oldest record waits to be sealed, if it has waited for long. */
export async function longWaiting(
  db: Knex,
  now: Date,
): Promise<{ count: number; since: string } | undefined> {
  const { count, oldest } = await new IntakeStore(db).waiting();
  if (!oldest || now.getTime() - Date.parse(oldest) <= LONG_MS) {
    return undefined;
  }
  return { count, since: oldest };
}

export async function waitingWarning(db: Knex, now: Date): Promise<string[]> {
  const waiting = await longWaiting(db, now);
  if (!waiting) return [];
  return [
    `${waiting.count} records wait to be sealed, the first since ${waiting.since}: nobody seals, or the chain stands still. See docs/runbooks/audit-not-sealed.md`,
  ];
}

/** What waits in files is in no chain yet, and only the process whose files they are knows of it. */
export function spoolWarning({ spooled, failing }: IntakeState): string[] {
  if (spooled === 0) return [];
  const since = failing ? `, which has taken none since ${failing.since}` : '';
  return [
    `${spooled} records wait in files of this backend until the ledger's database takes them${since}: they are not verified. See docs/runbooks/audit-cannot-record.md`,
  ];
}

export function chainRowWarning(isNoted: boolean, head: ChainEnd): string[] {
  if (isNoted || head.seq === 0) return [];
  return [
    'The row of the table "chain", which says where the chain ends, was deleted: nothing is sealed any more, and a cut end would only be missed by checkpoints. See docs/runbooks/audit-chain-broken.md',
  ];
}

export async function lostRowsWarning(db: Knex): Promise<string[]> {
  const [first, ...more] = await lostRows(db);
  if (first === undefined) return [];
  return [
    `${
      more.length + 1
    } rows that were put aside from the intake are gone from the table "rejected_intake" or were changed there, the first is ${first}: somebody removed what he had put in. The records "audit.put-aside" say when they came. See docs/runbooks/audit-chain-broken.md`,
  ];
}

export async function rejectedWarning(db: Knex): Promise<string[]> {
  const store = new RejectedStore(db);
  const count = await store.count();
  if (count === 0) return [];
  const [first] = await store.oldest(1);
  return [
    `${count} rows of the intake were kept out of the chain, the first (${first.id}) found at ${first.found_at}: ${first.reason} See docs/runbooks/audit-chain-broken.md`,
  ];
}

/** The list of what has not ended is drawn from the chain; whoever changed it hides or invents something unfinished. */
export async function openIntentWarning(db: Knex): Promise<string[]> {
  const { missing, invented } = await new OpenIntentStore(db).differences();
  if (missing.length + invented.length === 0) return [];
  const parts = [
    missing.length > 0 &&
      (missing.length === 1
        ? `record ${missing[0]}, which has no outcome, is missing there`
        : `${missing.length} records without an outcome are missing there, the first is record ${missing[0]}`),
    invented.length > 0 &&
      `${invented.length} stand there that have ended or are no records, the first is ${invented[0]}`,
  ].filter(Boolean);
  return [
    `The list of what has not ended does not agree with the chain: ${parts.join(
      '; ',
    )}.`,
  ];
}

/** @param forged - changes of the signing key that nobody has signed */
export function keyChangeWarning(forged: KeyChange[]): string[] {
  if (forged.length === 0) return [];
  const [{ seq, at }] = forged;
  return [
    `${forged.length} changes of the signing key stand in the database that none of the known keys has signed, the first behind record ${seq} and of ${at}. They are not believed. See docs/runbooks/audit-signing-key.md`,
  ];
}

export function unprovenWarning(stretches: Unproven[] = []): string[] {
  return stretches.map(
    ({ keyId, from, to }) =>
      `Records ${from} to ${to} are not proven: they bear seals of the earlier key ${keyId}, of which only the public half is known, and stand behind its last checkpoint. They are as they were when another key took over; searching marks them. See docs/runbooks/audit-signing-key.md`,
  );
}

/** @param last - the last checkpoint that the database knows */
export function fileWarning(
  path: string,
  file: CheckpointFile | undefined,
  last: Checkpoint | undefined,
): string[] {
  if (!file) {
    return last
      ? [
          `${path} is gone, and with it the checkpoints that were carried there: only those in the database could be compared. See docs/runbooks/audit-checkpoints-not-exported.md`,
        ]
      : [];
  }
  const lines = file.badLines;
  if (lines.length === 0) return [];
  return [
    `${lines.length} lines of ${path} cannot be read or stand in the wrong order, the first is line ${lines[0]}: the file was changed, or cut off while it was written.`,
  ];
}

/** A checkpoint is written to the file right after the database has it. */
const CARRIED_MS = 5_000;

/**
 * What of the database is missing in the file, and the reverse. Both have all that was signed, but for what was archived.
 *
 * @param range - those behind a place were read from the file, and those up to a place looked for in the database then
 */
export async function fileDifferenceWarning(
  db: Knex,
  path: string,
  file: CheckpointFile,
  range: { after: number; upTo: number; readAt: Date },
): Promise<string[]> {
  const carriedUntil = range.readAt.getTime() - CARRIED_MS;
  const extra = new Set([...file.given].filter(seq => seq > range.after));
  const missing: number[] = [];
  for await (const { seq, at } of checkpointsAfter(db, range.after)) {
    if (extra.delete(seq)) continue;
    const read = seq <= range.upTo && seq < file.givenBefore();
    if (read && Date.parse(at) <= carriedUntil) missing.push(seq);
  }
  // Read last: what was archived meanwhile is no longer in the database.
  const archived = (await new ArchiveStore(db).last())?.to ?? 0;
  const gone = [...extra].filter(seq => seq > archived);
  return [
    ...(missing.length > 0
      ? [
          `${path} lacks checkpoints that the database has (${missing.length}, the first is that of record ${missing[0]}): lines were removed, the file was begun anew, they could not be written there, or another process carries its own elsewhere. See docs/runbooks/audit-checkpoints-not-exported.md`,
        ]
      : []),
    ...(gone.length > 0
      ? [
          `The database lacks checkpoints that ${path} has (${gone.length}, the first is that of record ${gone[0]}): somebody removed them from the database. See docs/runbooks/audit-chain-broken.md`,
        ]
      : []),
  ];
}

async function* checkpointsAfter(
  db: Knex,
  after: number,
): AsyncGenerator<Checkpoint> {
  const store = new CheckpointStore(db);
  for (let next = after + 1; ; ) {
    const batch = await store.from(next, BATCH);
    yield* batch;
    if (batch.length < BATCH) return;
    next = batch[batch.length - 1].seq + 1;
  }
}
