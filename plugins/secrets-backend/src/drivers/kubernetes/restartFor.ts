const SECOND_MS = 1_000;

/** What is known of a workload that is to be restarted for a Secret. */
export interface Restarting {
  /** For which time it is asked to be restarted, ISO 8601 */
  at: string;
  /** When the Secret was last written, by the cluster's clock, to the second */
  since?: Date;
  /** The cluster's, of the Secret */
  revision?: string;
  /** For which time it was restarted last, ISO 8601; nothing where it never was */
  restartedAt?: string;
  /** For which revision of the Secret; nothing where that was not noted */
  restartedFor?: string;
  /** When it was, by the cluster's clock, to the second */
  patchedAt?: Date;
}

/**
 * For which time a workload is restarted: that which it was restarted for already, where nothing was written since, so that
 * nothing happens; and another where something was. A restart is asked for again for the same time where it failed for some
 * workloads, by then also for what changed meanwhile, and where whoever asked was gone before it could be noted as done.
 *
 * @returns ISO 8601
 */
export function restartFor(restarting: Restarting): string {
  const { at, since, revision, restartedAt } = restarting;
  const { restartedFor, patchedAt } = restarting;
  if (!restartedAt) return at;
  if (revision && restartedFor === revision) return restartedAt;
  if (!since) return at;
  const again = laterBySecond(since);
  const isAgain = isSame(restartedAt, again);
  if (!isAgain && !isSame(restartedAt, at)) return at;
  // What was written is another revision also where only somebody else wrote, which is no reason to restart.
  if (patchedAt && patchedAt > since) return restartedAt;
  if (!isAgain) return again;
  // Of what both times say the same second, the revision says which came first.
  const isDone = !restartedFor && patchedAt && patchedAt >= since;
  return isDone ? restartedAt : laterBySecond(new Date(restartedAt));
}

function laterBySecond(time: Date): string {
  return new Date(time.getTime() + SECOND_MS).toISOString();
}

/** Rollouts keep a time to the second. */
function isSame(one: string, other: string): boolean {
  return secondOf(one) === secondOf(other);
}

function secondOf(time: string): number {
  return Math.floor(Date.parse(time) / SECOND_MS);
}
