import { Spread, spreadOfAscending } from '@highroad/plugin-metrics-common';

/**
 * How many values are less than one, of several lists.
 *
 * @param lists - each ascending
 */
export function countBelow(
  lists: ReadonlyArray<ArrayLike<number>>,
  value: number,
): number {
  let count = 0;
  for (const list of lists) {
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (list[middle] < value) low = middle + 1;
      else high = middle;
    }
    count += low;
  }
  return count;
}

/** Up to so many values, bringing them into one order is quicker than looking for what stands where. */
const FEW = 4_000;
const SMALL = 2 ** 31;

/**
 * The same as of all values of several lists together, without bringing these together where they are many: which value stands at a
 * place is found by how many are below.
 *
 * @param lists - whole numbers, each ascending
 * @param few - how many are brought together after all
 */
export function spreadOfSorted(
  lists: ReadonlyArray<ArrayLike<number>>,
  few = FEW,
): (Spread & { n: number }) | undefined {
  const filled = lists.filter(one => one.length > 0);
  const n = filled.reduce((sum, one) => sum + one.length, 0);
  const least = filled.reduce((all, one) => Math.min(all, one[0]), Infinity);
  const most = filled.reduce(
    (all, one) => Math.max(all, one[one.length - 1]),
    -Infinity,
  );
  if (n <= few) {
    // Small whole numbers are sorted in half the time.
    const areSmall = least >= -SMALL && most < SMALL;
    const all = areSmall ? new Int32Array(n) : new Float64Array(n);
    let from = 0;
    for (const list of filled) {
      all.set(list, from);
      from += list.length;
    }
    const spread = spreadOfAscending(all.sort());
    return spread && { ...spread, n };
  }
  const standsAt = (place: number) => {
    let [low, high] = [least, most];
    while (low < high) {
      const middle = low + Math.floor((high - low) / 2);
      if (countBelow(filled, middle + 1) > place) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const at = (q: number) => {
    const rank = q * (n - 1);
    const low = standsAt(Math.floor(rank));
    return low + (standsAt(Math.ceil(rank)) - low) * (rank - Math.floor(rank));
  };
  return { median: at(0.5), p75: at(0.75), p90: at(0.9), n };
}
