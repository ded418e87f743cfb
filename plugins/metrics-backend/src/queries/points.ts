import {
  Bucket,
  bucketsOf,
  bucketStart,
  Key,
  Point,
} from '@highroad/plugin-metrics-common';
import { countBelow, spreadOfSorted } from '../rollups/sortedSamples';
import { Day, Days } from './Day';
import { samplesOf, sums } from './values';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const STEPS = [0, HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY];

/** A value for each day, week or month. Where there was nothing to take one from, there is none: a gap is no zero. */
export function pointsOf(
  key: Key,
  material: Day[],
  about: {
    days: Days;
    bucket: Bucket;
    lastWhole: string;
    /** The days that something is known of */
    counted: Days;
  },
): Point[] {
  const { days, bucket, lastWhole, counted } = about;
  const startOf = startsOf(bucket);
  const groups = new Map<string, Day[]>();
  for (const one of material) {
    const start = startOf(one.day);
    const group = groups.get(start);
    if (group) group.push(one);
    else groups.set(start, [one]);
  }
  return bucketsOf(days.from, days.to, bucket).map(({ from, to }) => {
    const within = groups.get(from) ?? [];
    const complete =
      from >= counted.from && to <= counted.to && to <= lastWhole;
    const isKnown = to >= counted.from && from <= counted.to;
    const point = {
      ...{ from, to, complete },
      ...(!isKnown && { unknown: true as const }),
    };
    if (key === 'frequency') {
      const [delivered] = sums(within, 'delivered');
      const active = within.filter(one => one.delivered > 0);
      return {
        ...{ ...point, n: delivered },
        ...(isKnown && {
          value: delivered,
          days: new Set(active.map(one => one.day)).size,
        }),
      };
    }
    if (key === 'lead-time' || key === 'recovery') {
      const spread = spreadOfSorted(samplesOf(key, within));
      return {
        ...point,
        n: spread?.n ?? 0,
        ...(spread && {
          value: spread.median,
          p75: spread.p75,
          p90: spread.p90,
        }),
      };
    }
    const [part, whole] =
      key === 'rework'
        ? sums(within, 'rework', 'successful')
        : sums(within, 'failed', 'completed');
    return { ...point, n: whole, ...(whole > 0 && { value: part / whole }) };
  });
}

/** Finds the first day of the bucket that a day is in, each day once: there are few days, and many things of each. */
export function startsOf(bucket: Bucket): (day: string) => string {
  const known = new Map<string, string>();
  return day => {
    const start = known.get(day) ?? bucketStart(day, bucket);
    known.set(day, start);
    return start;
  };
}

/**
 * How many took how long, since a median hides it.
 *
 * @param lists - each ascending
 */
export function distributionOf(
  lists: number[][],
): Array<{ from: number; to?: number; n: number }> {
  if (lists.every(one => one.length === 0)) return [];
  return STEPS.map((from, at) => {
    const to: number | undefined = STEPS[at + 1];
    return {
      from,
      ...(to !== undefined && { to }),
      n: countBelow(lists, to ?? Infinity) - countBelow(lists, from),
    };
  });
}
