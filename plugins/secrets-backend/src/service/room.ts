import { MOST_TOGETHER } from '@highroad/plugin-secrets-common';

/** Sizes are kept in steps of so many bytes, so that they tell the length of no password. */
const STEP = 64;
/** So many keys are named in a sentence. */
export const MOST_NAMED = 3;

/** @returns bytes, as they are kept */
export function roundedSize(bytes: number): number {
  return Math.ceil(bytes / STEP) * STEP;
}

/** @param bytes - by key */
export function largest(bytes: Iterable<readonly [string, number]>): string {
  return [...bytes]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_NAMED)
    .map(([key, size]) => `${key} (${kib(size)})`)
    .join(', ');
}

export function kib(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KiB`;
}

/**
 * Which new values find room in a Secret. What shrinks and what is small comes first, so that one that is too large keeps
 * out nothing but itself.
 *
 * @param held - bytes by key that the Secret has already, also those of others
 * @param news - bytes by key of what is to be put there, or in the place of what is; `brought` was there before
 */
export function fitting(
  held: Map<string, number>,
  news: Array<{ key: string; bytes: number; brought: boolean }>,
): Set<string> {
  let total = [...held.values()].reduce((all, bytes) => all + bytes, 0);
  const fits = new Set<string>();
  const growth = ({ key, bytes }: { key: string; bytes: number }) =>
    bytes - (held.get(key) ?? 0);
  const inOrder = [...news].sort(
    (a, b) => Number(b.brought) - Number(a.brought) || growth(a) - growth(b),
  );
  for (const one of inOrder) {
    // What shrinks is no reason why there is too much.
    if (growth(one) > 0 && total + growth(one) > MOST_TOGETHER) continue;
    total += growth(one);
    fits.add(one.key);
  }
  return fits;
}
