import { Knex } from 'knex';
import { RecordStore } from '../database/RecordStore';

/** So much longer than it may take it is not the time of day. */
const SLACK_MS = 60_000;

/**
 * Records that have no signed checkpoint behind them, though the time for one is over: those that were there were removed,
 * or nobody signs.
 *
 * @param known - up to where something is signed, here or outside of the database
 */
export async function unsignedWarning(
  db: Knex,
  known: { signedUpTo: number; everyMs: number; now: Date },
): Promise<string[]> {
  const { signedUpTo, everyMs, now } = known;
  const [first] = await new RecordStore(db).from(signedUpTo + 1, 1);
  if (!first) return [];
  const age = now.getTime() - Date.parse(first.sealed_at);
  if (age <= everyMs + SLACK_MS) return [];
  const where =
    signedUpTo === 0
      ? 'No checkpoint is known'
      : `No checkpoint is known behind record ${signedUpTo}`;
  return [
    `${where}, though record ${first.seq} was sealed at ${
      first.sealed_at
    } and one is signed within ${
      everyMs / 1000
    } s: they were removed, or nobody signs. See docs/runbooks/audit-checkpoints-not-exported.md`,
  ];
}
