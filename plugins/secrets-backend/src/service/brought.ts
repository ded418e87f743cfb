import { SyncMemory } from '../database/SyncStore';
import { ClusterSecret } from '../drivers/kubernetes/ClusterSecrets';
import { bytesIn } from './contents';
import { seenVersions } from './leftOut';
import { roundedSize } from './room';

/** Keys of ours in a Secret, also those of which nothing is known but that, since they began again and are left out. */
export function broughtOnce({
  versions,
  weighed,
}: Pick<SyncMemory, 'versions' | 'weighed'>): Set<string> {
  const before = Object.keys(weighed).filter(key => weighed[key].before);
  return new Set([...Object.keys(versions), ...before]);
}

/** Keys of ours that were taken away and are there all the same: they are another's too, by the cluster's notes. */
export function staying(
  { versions, weighed }: Pick<SyncMemory, 'versions' | 'weighed'>,
  now: {
    ours: Set<string>;
    wanted: Record<string, number>;
    applied: ClusterSecret;
  },
): SyncMemory['weighed'] {
  const { ours, wanted, applied } = now;
  const before = Object.keys(weighed).filter(key => weighed[key].stays);
  const stays = [...ours, ...before].flatMap(key => {
    const value = applied.data.get(key);
    if (!value || wanted[key]) return [];
    const version = versions[key] ?? weighed[key]?.version ?? 0;
    const bytes = roundedSize(bytesIn(value));
    return [[key, { version, bytes, stays: true as const }] as const];
  });
  return Object.fromEntries(stays);
}

/**
 * When keys became what they are, or were when they were taken away: what began before that may still run with another. Of
 * those that nobody had before there is none who has another.
 */
export function replacedTimes(
  before: Pick<SyncMemory, 'versions' | 'replacedAt'>,
  now: { versions: Record<string, number>; isFirst: string[]; at: Date },
): Record<string, string> {
  const times: Record<string, string> = {};
  for (const [key, at] of Object.entries(before.replacedAt)) {
    if (now.versions[key] === undefined) times[key] = at;
  }
  for (const [key, version] of Object.entries(now.versions)) {
    const stays = before.versions[key] === version;
    const isFirst =
      !before.versions[key] &&
      !before.replacedAt[key] &&
      now.isFirst.includes(key);
    const at = stays ? before.replacedAt[key] : now.at.toISOString();
    if (at && !isFirst) times[key] = at;
  }
  return times;
}

/**
 * When Vault made what was brought or left out. Not known of what somebody set while it was being looked at: it is another than
 * Vault was asked for.
 */
export function madeOf(
  asked: { versions: Record<string, number>; made: Record<string, string> },
  next: Pick<SyncMemory, 'versions' | 'weighed'>,
): Record<string, string> {
  const seen = seenVersions(next);
  return Object.fromEntries(
    Object.entries(asked.made).filter(
      ([key]) => seen[key] === asked.versions[key],
    ),
  );
}
