import { Memory } from '../database/rows';

/** Two looks that follow each other are no further apart, by one clock or by two that are about the same. */
const MOST_MS = 180_000;
const LEAST_MS = -2_000;

/**
 * The times by which something has to be over, as they are now. They were written by the clock of who looked last: if that
 * was another one that is far off, or if nobody has looked for long since, they are moved by as much. What was not looked
 * at counts neither as late nor as watched.
 *
 * @param now - ISO 8601
 */
export function sinceLastLook(memory: Memory, now: string): Memory {
  const { lookedAt, deadline, watchUntil, lost } = memory;
  if (lookedAt === undefined) return memory;
  const gapMs = Date.parse(now) - Date.parse(lookedAt);
  if (gapMs >= LEAST_MS && gapMs <= MOST_MS) return memory;
  const later = (time: string) =>
    new Date(Date.parse(time) + gapMs).toISOString();
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
