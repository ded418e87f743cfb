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
  return doubling(failures, { first: 1000, longest: 30_000 }, random);
}

/** A server that answered for this long, in milliseconds, begins anew with its failures. */
export const STABLE_AFTER = 60_000;

/**
 * How long to wait before programs that could not be prepared are tried again, in milliseconds: from a minute to a
 * quarter of an hour. A network comes back by itself; a full disk has to be seen to.
 *
 * @param failures - how often it failed in a row, from 1
 */
export function prepareDelay(
  failures: number,
  random: () => number = Math.random,
): number {
  return doubling(failures, { first: 60_000, longest: 900_000 }, random);
}

/** How often programs are tried before the next start of the sandbox. */
export const PREPARE_ATTEMPTS = 6;

function doubling(
  failures: number,
  { first, longest }: { first: number; longest: number },
  random: () => number,
): number {
  const base = Math.min(longest, first * 2 ** (Math.min(failures, 10) - 1));
  return Math.round(base * (1 + 0.2 * random()));
}
