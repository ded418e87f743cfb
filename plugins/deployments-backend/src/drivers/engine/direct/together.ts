import { Observation } from '@highroad/plugin-deployments-node';

const WORST_FIRST = ['failed', 'progressing', 'paused', 'ready'] as const;

/** What several workloads come to: as bad as the worst of them. What a version is not to blame for is less bad. */
export function together(seen: Observation[]): Observation {
  if (seen.length === 0) {
    return {
      verdict: 'ready',
      summary: 'There is nothing to wait for',
      progress: { wanted: 0, updated: 0, ready: 0, paused: false },
      evidence: [],
      pods: { hashes: [], restarts: 0, lost: [] },
    };
  }
  const [worst] = [...seen].sort(
    (a, b) =>
      WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict) ||
      Number(a.lacksNode ?? false) - Number(b.lacksNode ?? false),
  );
  const sum = (key: 'wanted' | 'updated' | 'ready') =>
    seen.reduce((total, one) => total + one.progress[key], 0);
  const waits = seen.filter(({ verdict }) => verdict === worst.verdict);
  return {
    ...worst,
    lacksNode: waits.every(({ lacksNode }) => lacksNode === true),
    judged: waits.every(({ judged }) => judged === true),
    progress: {
      ...worst.progress,
      wanted: sum('wanted'),
      updated: sum('updated'),
      ready: sum('ready'),
    },
    pods: {
      hashes: seen.flatMap(({ pods }) => pods.hashes),
      restarts: seen.reduce((total, { pods }) => total + pods.restarts, 0),
      lost: seen.flatMap(({ pods }) => pods.lost ?? []),
    },
  };
}
