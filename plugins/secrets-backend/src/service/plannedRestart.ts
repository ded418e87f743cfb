import { SyncMemory } from '../database/SyncStore';
import { ClusterSecret } from '../drivers/kubernetes/ClusterSecrets';
import { FirstArrival } from '../drivers/kubernetes/usesSecret';

/**
 * One restart for all that changes until then.
 *
 * @param next.at - when it is, ISO 8601, where none is to come yet
 * @param next.first - of what changes, what nobody can have had before
 */
export function withRestart(
  memory: SyncMemory,
  changed: string[],
  { at, first }: { at: string; first: FirstArrival },
): SyncMemory {
  if (changed.length === 0) return memory;
  const { restartAt, restartKeys } = memory;
  if (!restartAt) {
    return { ...memory, restartAt: at, restartKeys: changed, first };
  }
  // Where it is not known which keys a restart is for, it is for all.
  if (!restartKeys) return memory;
  return {
    ...memory,
    restartKeys: [...new Set([...restartKeys, ...changed])],
    first: memory.first && {
      keys: [
        // What comes a second time within the window may have been had as it was the first.
        ...memory.first.keys.filter(key => !changed.includes(key)),
        ...first.keys.filter(
          key => !restartKeys.includes(key) || memory.first?.keys.includes(key),
        ),
      ],
      whole: memory.first.whole && first.whole,
    },
  };
}

/**
 * Of what changes, what nobody can have had before: there is none of it in the cluster, and it is the first that its key ever
 * had, or the first that was ever brought there.
 */
export function firstArrival({
  changed,
  memory,
  present,
  versions,
}: {
  changed: string[];
  memory: SyncMemory;
  present: ClusterSecret | undefined;
  versions: Record<string, number>;
}): FirstArrival {
  const whole =
    !present && !memory.revision && Object.keys(memory.versions).length === 0;
  return {
    keys: changed.filter(
      key =>
        !present?.data.has(key) &&
        !memory.versions[key] &&
        (whole || versions[key] === 1),
    ),
    whole,
  };
}
