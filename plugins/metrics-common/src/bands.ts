import { z } from 'zod';
import type { Bucket } from './day';
import type { Key } from './definitions';

export const bandNames = ['elite', 'high', 'medium', 'low'] as const;
export type BandName = (typeof bandNames)[number];

const HOUR = 3_600;
const DAY = 24 * HOUR;
const rising = z.tuple([z.number(), z.number(), z.number()]);

/** Where one band ends and the next begins: of elite, of high and of medium. What is worse is low. */
export const bandSetSchema = z
  .object({
    /** Whose they are, as shown beside a band */
    name: z.string(),
    /** Median of the days with a deployment in a week, at least; the last is days in a month */
    frequency: rising,
    /** Median in seconds, less than */
    leadTime: rising,
    /** Share, at most */
    changeFailureRate: rising,
    /** Median in seconds, less than */
    recovery: rising,
  })
  .strict();
export type BandSet = z.infer<typeof bandSetSchema>;

/** As the report of 2023 draws them: https://dora.dev/research/2023/dora-report/ */
export const bandsOf2023: BandSet = {
  name: 'DORA 2023',
  frequency: [5, 1, 1],
  leadTime: [DAY, 7 * DAY, 30 * DAY],
  changeFailureRate: [0.05, 0.1, 0.15],
  recovery: [HOUR, DAY, 7 * DAY],
};

/** A band of a number over time, from its lowest value to its highest; without an end where it has none. */
export interface BandRange {
  band: BandName;
  from: number;
  to?: number;
  /** Its end is of it, and its beginning is of the one before */
  closed?: boolean;
}

/** The band that a value is in; none where bands don't reach it. */
export function bandIn(
  ranges: BandRange[],
  value: number,
): BandName | undefined {
  return ranges.find(({ from, to = Infinity, closed }) =>
    closed ? value <= to : value >= from && value < to,
  )?.band;
}

/**
 * Where the bands of a number lie, from its lowest value to its highest. Those of the frequency are of days with a deployment in a week.
 *
 * @returns nothing where a number has none, or none by that bucket
 */
export function bandRanges(
  key: Key,
  bucket: Bucket,
  { frequency, leadTime, changeFailureRate, recovery }: BandSet,
): BandRange[] {
  switch (key) {
    case 'frequency': {
      // What is below them hangs on the month.
      const [elite, high] = frequency;
      return bucket === 'week'
        ? [
            { band: 'high', from: high, to: elite },
            { band: 'elite', from: elite },
          ]
        : [];
    }
    case 'lead-time':
      return between(leadTime);
    case 'change-failure-rate':
      return between(changeFailureRate, true);
    case 'recovery':
      return between(recovery);
    default:
      return [];
  }
}

function between(
  limits: [number, number, number],
  closed = false,
): BandRange[] {
  return bandNames.map((band, at) => ({
    band,
    ...(closed && { closed }),
    from: at === 0 ? 0 : limits[at - 1],
    ...(at < limits.length && { to: limits[at] }),
  }));
}

function first(holds: boolean[]): BandName {
  const at = holds.indexOf(true);
  return at < 0 ? 'low' : bandNames[at];
}

/**
 * @param perWeek - median of days with a deployment in each ISO week
 * @param perMonth - the same for months
 */
export function bandOfFrequency(
  perWeek: number,
  perMonth: number,
  { frequency }: BandSet,
): BandName {
  const [elite, high, medium] = frequency;
  return first([perWeek >= elite, perWeek >= high, perMonth >= medium]);
}

/** @param seconds - median */
export function bandOfDuration(
  seconds: number,
  limits: [number, number, number],
): BandName {
  return first(limits.map(limit => seconds < limit));
}

/** @param rate - from 0 to 1 */
export function bandOfRate(rate: number, { changeFailureRate }: BandSet) {
  return first(changeFailureRate.map(limit => rate <= limit));
}
