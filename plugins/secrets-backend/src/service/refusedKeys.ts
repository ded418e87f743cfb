import { SyncMemory } from '../database/SyncStore';
import { seenVersions } from './leftOut';

/** What is known of values, with keys that Vault refuses altogether as they were seen last. */
export function withRefused(
  { weighed }: Pick<SyncMemory, 'weighed'>,
  known: Pick<SyncMemory, 'versions' | 'weighed'>,
  refused: string[],
): SyncMemory['weighed'] {
  const seen = seenVersions(known);
  const entries = refused.map(key => {
    const { bytes } = known.weighed[key] ?? { bytes: 0 };
    return [
      key,
      { version: seen[key] ?? 0, bytes, refused: true as const },
    ] as const;
  });
  return { ...weighed, ...Object.fromEntries(entries) };
}

/** As if what Vault refused had not been looked at, so that it is asked for again. */
export function withoutRefused(memory: SyncMemory): SyncMemory {
  const others = Object.entries(memory.weighed).filter(
    ([, one]) => !one.refused,
  );
  return { ...memory, weighed: Object.fromEntries(others) };
}
