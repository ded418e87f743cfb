import { Checkpoint } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { IntakeStore } from '../database/IntakeStore';
import { OpenIntentStore } from '../database/OpenIntentStore';
import { RejectedStore } from '../database/RejectedStore';
import { CheckpointFile } from './checkpointFile';

/** What came in is sealed within a second; this is far more. */
const LONG_MS = 60_000;

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

export async function rejectedWarning(db: Knex): Promise<string[]> {
  const store = new RejectedStore(db);
  const count = await store.count();
  if (count === 0) return [];
  const [first] = await store.oldest(1);
  return [
    `${count} rows were put into the intake by something else than the ledger and kept out of the chain, the first (${first.id}) found at ${first.found_at}: ${first.reason}`,
  ];
}

/** The list of what has not ended is drawn from the chain; whoever changed it hides or invents something unfinished. */
export async function openIntentWarning(db: Knex): Promise<string[]> {
  const { missing, invented } = await new OpenIntentStore(db).differences();
  if (missing.length + invented.length === 0) return [];
  const parts = [
    missing.length > 0 &&
      `${missing.length} records without an outcome are missing there, the first is record ${missing[0]}`,
    invented.length > 0 &&
      `${invented.length} stand there that have ended or are no records, the first is ${invented[0]}`,
  ].filter(Boolean);
  return [
    `The list of what has not ended does not agree with the chain: ${parts.join(
      '; ',
    )}.`,
  ];
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
