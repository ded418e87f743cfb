/**
 * A quantile by linear interpolation between the closest ranks, as R's type 7 and NumPy's default.
 *
 * @param values - in any order, at least one
 * @param q - from 0 to 1
 * @see https://doi.org/10.1080/00031305.1996.10473566 Hyndman and Fan, definition 7
 */
export function quantile(values: number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (sorted.length - 1) * q;
  const below = Math.floor(rank);
  const above = Math.ceil(rank);
  return sorted[below] + (sorted[above] - sorted[below]) * (rank - below);
}
