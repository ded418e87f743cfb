import { Key, TeamColumn } from '@highroad/plugin-metrics-common';

/** How rows of a table follow each other. */
export interface RowOrder {
  sort: TeamColumn;
  order: 'asc' | 'desc';
}

/**
 * References in the order of what is measured of each; of the same, by name. What has no value stands at the end, whichever way it is
 * sorted: it is neither more nor less.
 *
 * @param valueOf - what finds the value of a row, asked once of each
 */
export function inOrder(
  refs: string[],
  { sort, order }: RowOrder,
  valueOf: (key: Key) => (ref: string) => number | undefined,
): string[] {
  const sign = order === 'asc' ? 1 : -1;
  const named = [...refs].sort();
  if (sort === 'name') return order === 'asc' ? named : named.reverse();
  const valued: Array<{ ref: string; value: number }> = [];
  const others: string[] = [];
  const valueIn = valueOf(sort);
  for (const ref of named) {
    const value = valueIn(ref);
    if (value === undefined) others.push(ref);
    else valued.push({ ref, value });
  }
  // It leaves what is the same in its order.
  valued.sort((a, b) => sign * (a.value - b.value));
  return [...valued.map(one => one.ref), ...others];
}
