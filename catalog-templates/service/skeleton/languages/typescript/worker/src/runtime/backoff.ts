export interface BackoffLimits {
  /** The wait after the first failure, in milliseconds. */
  first: number;
  /** The longest wait, in milliseconds. */
  most: number;
}

/**
 * How long to wait after this many failures in a row, in milliseconds: doubled each time, half of
 * it random, so that replicas which failed together do not come back together.
 */
export function backoff(failures: number, limits: BackoffLimits, random = Math.random): number {
  const full = Math.min(limits.most, limits.first * 2 ** Math.min(failures - 1, 30));
  return Math.round(full * (0.5 + random() / 2));
}
