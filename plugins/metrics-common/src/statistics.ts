/**
 * A percentile by linear interpolation between the closest ranks: rank = q · (n − 1), as `percentile_cont` of SQL and
 * type 7 of Hyndman & Fan (1996), https://doi.org/10.1080/00031305.1996.10473566
 *
 * @param sorted - ascending
 * @param q - from 0 to 1
 * @returns nothing for no values
 */
export function percentile(
  sorted: ArrayLike<number>,
  q: number,
): number | undefined {
  if (sorted.length === 0) return undefined;
  const rank = q * (sorted.length - 1);
  const low = Math.floor(rank);
  const high = Math.ceil(rank);
  return sorted[low] + (sorted[high] - sorted[low]) * (rank - low);
}

/** Median, p75 and p90. */
export interface Spread {
  median: number;
  p75: number;
  p90: number;
}

/** @param values - in any order */
export function spreadOf(values: ArrayLike<number>): Spread | undefined {
  // Numbers are sorted as such, and several times as fast as in a list.
  return spreadOfAscending(new Float64Array(values).sort());
}

/** @param sorted - ascending */
export function spreadOfAscending(
  sorted: ArrayLike<number>,
): Spread | undefined {
  const at = (q: number) => percentile(sorted, q);
  const [median, p75, p90] = [at(0.5), at(0.75), at(0.9)];
  return median === undefined || p75 === undefined || p90 === undefined
    ? undefined
    : { median, p75, p90 };
}

/** How willing people are to recommend something. */
export interface NetPromoterScore {
  /** From −100 to 100: percent of 9 and 10 minus percent of 0 to 6 */
  score: number;
  n: number;
  /** Half of the interval in which the score lies with 95 %, by the normal approximation */
  margin: number;
}

const Z_95 = 1.96;

/**
 * Reichheld's score (Harvard Business Review, December 2003). An answer counts +1, 0 or −1; the margin is that of the mean of these.
 *
 * @param counts - how many gave 0, 1 … 10
 * @returns nothing where nobody answered
 */
export function netPromoterScore(
  counts: number[],
): NetPromoterScore | undefined {
  const n = counts.reduce((sum, count) => sum + count, 0);
  if (n === 0) return undefined;
  const share = (from: number, to: number) =>
    counts.slice(from, to + 1).reduce((sum, count) => sum + count, 0) / n;
  const promoters = share(9, 10);
  const detractors = share(0, 6);
  const mean = promoters - detractors;
  const variance = promoters + detractors - mean ** 2;
  return {
    score: mean * 100,
    n,
    margin: Z_95 * Math.sqrt(variance / n) * 100,
  };
}
