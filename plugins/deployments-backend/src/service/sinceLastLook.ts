import { LEASE_MS } from '../database/lease';
import { Memory } from '../database/rows';

/** As much counts between two looks: who is slow comes to an end too, and who slept has not looked for as long. */
const MOST_MS = LEASE_MS;
const LEAST_MS = -2_000;

/**
 * The times by which something has to be over, as they are now. They were written by the clock of who looked last: if that
 * was another one that is far off, or if nobody has looked for long since, they are moved by as much. What was not looked
 * at counts neither as late nor as watched, but for the half minute that a look of the same process may take.
 */
export function sinceLastLook(
  memory: Memory,
  now: { lookedAt: string; lookedBy: string },
): Memory {
  const { lookedAt, lookedBy, deadline, watchUntil, lost } = memory;
  if (lookedAt === undefined) return memory;
  const gapMs = Date.parse(now.lookedAt) - Date.parse(lookedAt);
  if (gapMs >= LEAST_MS && gapMs <= MOST_MS) return memory;
  const isSlow = gapMs > 0 && lookedBy === now.lookedBy;
  const movedMs = gapMs - (isSlow ? MOST_MS : 0);
  const later = (time: string) =>
    new Date(Date.parse(time) + movedMs).toISOString();
  const moved = (time: string | undefined) => time && later(time);
  return {
    ...memory,
    deadline: moved(deadline),
    watchUntil: moved(watchUntil),
    lost: Object.fromEntries(
      Object.entries(lost).map(([pod, since]) => [pod, later(since)]),
    ),
  };
}
