/** How long a deployment is one worker's alone, in milliseconds. Longer than any single call to another system may take. */
export const LEASE_MS = 30_000;

/** How often a worker that lives renews what it has, in milliseconds. */
export const RENEW_MS = 2_000;

/** After so long without a renewal, in milliseconds, a lease that is over by the clock counts as over. */
export const MISSED_MS = 3 * RENEW_MS;

/**
 * Clocks of replicas may differ by so much, in milliseconds, before anybody takes note of it. Longer than anything is put
 * off for.
 */
export const CREDIBLE_MS = 12 * LEASE_MS;

/** @returns the latest time, ISO 8601, that a worker with a clock about as this one's writes for what it is at */
export function latestCredible(now: string): string {
  return new Date(Date.parse(now) + CREDIBLE_MS).toISOString();
}
