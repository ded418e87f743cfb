/**
 * How long to wait before a server that ended by itself is started again, in milliseconds: doubling from a second to
 * half a minute, with up to a fifth more so that several do not move in step.
 *
 * @param failures - how often it ended in a row, from 1
 */
export function restartDelay(
  failures: number,
  random: () => number = Math.random,
): number {
  const base = Math.min(30_000, 1000 * 2 ** (Math.min(failures, 10) - 1));
  return Math.round(base * (1 + 0.2 * random()));
}

/** A server that answered for this long, in milliseconds, begins anew with its failures. */
export const STABLE_AFTER = 60_000;
