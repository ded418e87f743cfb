import { SyncMemory } from '../database/SyncStore';
import { Authorship } from '../database/VersionStore';
import { isOver } from '../database/whichVersion';
import { seenVersions } from './leftOut';

/**
 * Newest versions by key, of what the platform wrote and what it saw in Vault.
 *
 * @param written - `anew` is 0 where the key never began again
 * @param memories - of what was seen
 * @returns the number of the version; of a key that was taken out of Vault whole, and began again, when Vault made it, in
 * milliseconds
 */
export function newestKnown(
  written: Array<Authorship & { anew: number }>,
  memories: SyncMemory[],
): Record<string, number> {
  const newest = new Map<string, NewestKnown>();
  for (const row of written) {
    const { key, anew } = row;
    const before = newest.get(key);
    const isLater = !before || before.version < row.version;
    newest.set(key, {
      ...(isLater ? row : before),
      anew: anew > 0 || before?.anew === true,
    });
  }
  for (const memory of memories) {
    for (const [key, version] of Object.entries(seenVersions(memory))) {
      const made = memory.made?.[key];
      const seen = { version, made, anew: memory.anew?.includes(key) };
      newest.set(key, laterOf(newest.get(key), seen));
    }
  }
  return Object.fromEntries(
    [...newest].map(([key, { version, made, anew }]) => [
      key,
      anew && made ? Date.parse(made) : version,
    ]),
  );
}

/** What is known of the newest version of a key. */
interface NewestKnown {
  version: number;
  /** When Vault made it, as Vault says it, where that is known */
  made?: string;
  /** When it was written, by the platform's clock, where the platform wrote it */
  at?: string;
  /** Whether the key was taken out of Vault whole, and began again */
  anew?: boolean;
}

/** Of what the platform wrote and what it saw in Vault, what came later; if that has no larger number, the key began again. */
function laterOf(
  written: NewestKnown | undefined,
  seen: NewestKnown,
): NewestKnown {
  if (!written) return seen;
  const [one, other] = [written, seen].map(({ version, made, at = made }) =>
    at ? { version, made, at } : undefined,
  );
  const isWrittenOver = one && other && isOver(one, other);
  const isSeenOver = one && other && isOver(other, one);
  const isSeenLater =
    isWrittenOver || (seen.version > written.version && !isSeenOver);
  return {
    ...(isSeenLater ? seen : written),
    anew: Boolean(written.anew || seen.anew || isWrittenOver || isSeenOver),
  };
}
