const SECOND_MS = 1_000;

/** What is known of a workload that is to be restarted for a Secret. */
export interface Restarting {
  /** For which time it is asked to be restarted, ISO 8601 */
  at: string;
  /** When the Secret was last written, by the cluster's clock, to the second */
  since?: Date;
  /** For which time it was restarted last, ISO 8601; nothing where it never was */
  restartedAt?: string;
  /** When it was, by the cluster's clock, to the second */
  patchedAt?: Date;
}

/**
 * For which time a workload is restarted: that which it was restarted for already, where nothing was written since, so that
 * nothing happens; and another where something was. A restart that failed for some workloads is asked for again for the same
 * time, by then also for what changed meanwhile.
 *
 * @returns ISO 8601
 */
export function restartFor(restarting: Restarting): string {
  const { at, since, restartedAt, patchedAt } = restarting;
  if (!since || !restartedAt) return at;
  const again = new Date(since.getTime() + SECOND_MS).toISOString();
  if (isSame(restartedAt, again) && patchedAt && patchedAt >= since) {
    return restartedAt;
  }
  if (!isSame(restartedAt, at)) return at;
  return patchedAt && patchedAt > since ? restartedAt : again;
}

/** Rollouts keep a time to the second. */
function isSame(one: string, other: string): boolean {
  return secondOf(one) === secondOf(other);
}

function secondOf(time: string): number {
  return Math.floor(Date.parse(time) / SECOND_MS);
}
