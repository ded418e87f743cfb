import {
  Bucket,
  bucketsOf,
  bucketStart,
  Key,
  Point,
  spreadOf,
} from '@highroad/plugin-metrics-common';
import { Material } from './measures';
import { Days } from './NumberStore';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const STEPS = [0, HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY];

/** A value for each day, week or month. Where there was nothing to take one from, there is none: a gap is no zero. */
export function pointsOf(
  key: Key,
  material: Material,
  about: { days: Days; bucket: Bucket; lastWhole: string },
): Point[] {
  const { days, bucket, lastWhole } = about;
  const startOf = startsOf(bucket);
  const within = <T extends { day: string }>(items: T[]) => {
    const groups = new Map<string, T[]>();
    for (const item of items) {
      const start = startOf(item.day);
      const group = groups.get(start);
      if (group) group.push(item);
      else groups.set(start, [item]);
    }
    return groups;
  };
  const daily = within(material.daily);
  const seconds = within(
    key === 'lead-time'
      ? material.leads
      : material.failures.flatMap(({ day, recovery_seconds }) =>
          recovery_seconds === null
            ? []
            : [{ day, seconds: [recovery_seconds] }],
        ),
  );
  return bucketsOf(days.from, days.to, bucket).map(({ from, to }) => {
    const counts = daily.get(from) ?? [];
    const sum = (
      name: 'delivered' | 'failed' | 'completed' | 'rework' | 'successful',
    ) => counts.reduce((all, one) => all + one[name], 0);
    const complete = from >= days.from && to <= days.to && to <= lastWhole;
    const point = { from, to, complete };
    if (key === 'frequency') {
      return { ...point, value: sum('delivered'), n: sum('delivered') };
    }
    if (key === 'lead-time' || key === 'recovery') {
      const values = (seconds.get(from) ?? []).flatMap(one => one.seconds);
      const spread = spreadOf(values);
      return {
        ...point,
        n: values.length,
        ...(spread && {
          value: spread.median,
          p75: spread.p75,
          p90: spread.p90,
        }),
      };
    }
    const [part, whole] =
      key === 'rework'
        ? [sum('rework'), sum('successful')]
        : [sum('failed'), sum('completed')];
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

/** How many took how long, since a median hides it. */
export function distributionOf(
  values: number[],
): Array<{ from: number; to?: number; n: number }> {
  if (values.length === 0) return [];
  const counts = STEPS.map(() => 0);
  for (const value of values) {
    const step = STEPS.findLastIndex(from => value >= from);
    if (step >= 0) counts[step] += 1;
  }
  return STEPS.map((from, at) => {
    const to = STEPS[at + 1];
    return { from, ...(to !== undefined && { to }), n: counts[at] };
  });
}
