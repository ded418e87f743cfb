import { daysBetween, Key } from '@highroad/plugin-metrics-common';
import { spreadOfSorted } from '../rollups/sortedSamples';
import { Day, Days } from './Day';

/** What can be known at all, by what is connected. */
export interface Known {
  deployments: boolean;
  commits: boolean;
}

/** What is counted of days. */
export type CountName = {
  [K in keyof Day]-?: Day[K] extends number ? K : never;
}[keyof Day];

/** What is counted of what. */
export const SHARES = {
  'change-failure-rate': ['failed', 'completed'],
  rework: ['rework', 'successful'],
} as const;

/**
 * The value of a number alone, as `measure` has it: for the order of a table, whose rows are mostly not shown.
 *
 * @returns nothing where it has none
 */
export function valueOf(
  key: Key,
  material: Day[],
  { days, known }: { days: Days; known: Known },
): number | undefined {
  if (!known.deployments) return undefined;
  if (key === 'frequency') return perWeek(material, days);
  if (key === 'lead-time' || key === 'recovery') {
    if (key === 'lead-time' && !known.commits) return undefined;
    return spreadOfSorted(samplesOf(key, material))?.median;
  }
  const [part, whole] = sums(material, ...SHARES[key]);
  return whole === 0 ? undefined : part / whole;
}

/** The samples that durations are taken from, by day. */
export function samplesOf(
  key: 'lead-time' | 'recovery',
  days: Day[],
): number[][] {
  return days.map(one => (key === 'lead-time' ? one.leads : one.recoveries));
}

/** Deployments in a week, on average. */
export function perWeek(material: Day[], { from, to }: Days): number {
  const [delivered] = sums(material, 'delivered');
  return (delivered * 7) / daysBetween(from, to);
}

export function sums(material: Day[], ...names: CountName[]): number[] {
  return names.map(name => material.reduce((sum, one) => sum + one[name], 0));
}
