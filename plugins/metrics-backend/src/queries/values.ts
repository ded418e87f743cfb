import { addDays, daysBetween, Key } from '@highroad/plugin-metrics-common';
import { spreadOfSorted } from '../rollups/sortedSamples';
import { Day, Days } from './Day';

/** What can be known at all, by what is connected. */
export interface Known {
  deployments: boolean;
  commits: boolean;
  /** The first day of which deployments are known; none where there are none */
  from?: string;
}

/** Failures that nothing has repaired yet. */
export interface OpenFailures {
  count: number;
  /** When the first of the deployments finished, ISO 8601; none where there is none */
  since?: string;
}

export const NONE_OPEN: OpenFailures = { count: 0 };

/**
 * The days of a range that something can be known of: since deployments are told of, and up to today. A week at least, since a
 * day alone says nothing of how often something is done.
 *
 * @param from - the first of which deployments are known
 * @returns nothing where none of them can
 */
export function countedDays(
  range: Days,
  { from, today }: { from?: string; today: string },
): Days | undefined {
  const to = range.to < today ? range.to : today;
  if (from === undefined || from > to) return undefined;
  if (from <= range.from) {
    return to < range.from ? undefined : { from: range.from, to };
  }
  const week = addDays(to, -6);
  const first = from < week ? from : week;
  return { from: first < range.from ? range.from : first, to };
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
  material: readonly Day[],
  { counted, known }: { counted: Days | undefined; known: Known },
): number | undefined {
  if (!known.deployments || !counted) return undefined;
  if (key === 'frequency') return perWeek(material, counted);
  if (key === 'lead-time' || key === 'recovery') {
    return spreadOfSorted(samplesOf(key, material))?.median;
  }
  const [part, whole] = sums(material, ...SHARES[key]);
  return whole === 0 ? undefined : part / whole;
}

/** The samples that durations are taken from, by day. */
export function samplesOf(
  key: 'lead-time' | 'recovery',
  days: readonly Day[],
): number[][] {
  return days.map(one => (key === 'lead-time' ? one.leads : one.recoveries));
}

/** Whether there is any sample at all. */
export function hasAny(lists: number[][]): boolean {
  return lists.some(one => one.length > 0);
}

/** Deployments in a week, on average. */
export function perWeek(material: readonly Day[], { from, to }: Days): number {
  const [delivered] = sums(material, 'delivered');
  return (delivered * 7) / daysBetween(from, to);
}

export function sums(
  material: readonly Day[],
  ...names: CountName[]
): number[] {
  return names.map(name => material.reduce((sum, one) => sum + one[name], 0));
}
