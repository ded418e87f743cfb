import { SecretSync, MOST_TOGETHER } from '@highroad/plugin-secrets-common';
import { SyncMemory } from '../database/SyncStore';

/** Sizes are kept in steps of so many bytes, so that they tell the length of no password. */
const STEP = 64;
const NAMED = 3;

/** @returns bytes, as they are kept */
export function roundedSize(bytes: number): number {
  return Math.ceil(bytes / STEP) * STEP;
}

/** @param bytes - by key */
export function largest(bytes: Iterable<readonly [string, number]>): string {
  return [...bytes]
    .sort(([, a], [, b]) => b - a)
    .slice(0, NAMED)
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

/** Newest versions by key as they were last seen, also of what found no room. */
export function seenVersions({
  versions,
  weighed,
}: Pick<SyncMemory, 'versions' | 'weighed'>): Record<string, number> {
  const looked = Object.entries(weighed).map(
    ([key, { version }]) => [key, version] as const,
  );
  return { ...versions, ...Object.fromEntries(looked) };
}

/** Keys whose newest value found no room. */
export function leftOut({
  versions,
  weighed,
}: Pick<SyncMemory, 'versions' | 'weighed'>): string[] {
  return Object.keys(weighed).filter(
    key => weighed[key].version !== versions[key],
  );
}

/** What is left out and why, in words. */
export function noRoom(
  memory: Pick<SyncMemory, 'versions' | 'weighed'>,
): string {
  const keys = leftOut(memory);
  const are = keys.length === 1 ? 'finds' : 'find';
  return `${largest(keys.map(key => [key, memory.weighed[key].bytes]))}${
    keys.length > NAMED ? ` and ${keys.length - NAMED} more` : ''
  } ${are} no room: all values there may be 1 MiB together. What was there before stays. Delete what is not used, or make it smaller.`;
}

/**
 * How far a key is in a cluster.
 *
 * @param version - that programs should have; nothing for one that is deleted
 */
export function standingOf(
  memory: Pick<SyncMemory, 'state' | 'tries' | 'versions' | 'weighed'>,
  key: string,
  version: number | undefined,
): SecretSync['state'] {
  const { state, versions } = memory;
  if (state === 'waiting' || isFailing(memory)) return state;
  return versions[key] === version ? 'synced' : 'behind';
}

/** Whether all of it is behind, and not only what found no room. */
export function isFailing(
  memory: Pick<SyncMemory, 'state' | 'versions' | 'weighed' | 'tries'>,
): boolean {
  const { state, tries } = memory;
  return state === 'behind' && (tries > 0 || leftOut(memory).length === 0);
}
