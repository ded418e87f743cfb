import {
  AdoptionKey,
  Bucket,
  bucketsOf,
  Point,
  Share,
  spreadOf,
} from '@highroad/plugin-metrics-common';
import { Day, Days } from '../Day';
import { startsOf } from '../points';
import { sums } from '../values';
import { AdoptionKnowledge, thoseThen } from './AdoptionKnowledge';
import { onboardingAt } from './adoptionOf';
import { reachedBy } from './EligibleService';
import { deflectionOf } from './deflection';
import { deviationsOf } from './deviations';
import { firstDeploymentTimes } from './firstDeployment';

type Value = Omit<Point, 'from' | 'to' | 'complete'>;
const NOTHING: Value = { n: 0 };

/**
 * A value for each day, week or month: of what happened in it, or of how it was at its end. Where there was nothing to take one
 * from, or it is not known, there is none: a gap is no zero.
 */
export function adoptionPoints(
  key: AdoptionKey,
  known: AdoptionKnowledge,
  about: { range: Days; bucket: Bucket; lastWhole: string },
): Point[] {
  const { range, bucket, lastWhole } = about;
  const valueOf = valuesOf(key, known, bucket);
  return bucketsOf(range.from, range.to, bucket).map(({ from, to }) => {
    const within = {
      from: from < range.from ? range.from : from,
      to: to > range.to ? range.to : to,
    };
    return {
      ...{ from, to },
      complete: from >= range.from && to <= range.to && to <= lastWhole,
      ...(within.from > known.today ? NOTHING : valueOf(within, from)),
    };
  });
}

/** How a number is taken from the days of a bucket that begins on a day. */
function valuesOf(
  key: AdoptionKey,
  known: AdoptionKnowledge,
  bucket: Bucket,
): (days: Days, start: string) => Value {
  const atEnd = (day: string) => {
    const reached = reachedBy(day, known);
    return { reached, ...thoseThen(known, reached) };
  };
  switch (key) {
    case 'onboarding':
      return ({ to }) => ofShare(onboardingAt(to, known));
    case 'golden-path': {
      const parts = daysBy(bucket, known.days);
      return ({ from, to }, start) => {
        const days = (parts.get(start) ?? []).filter(
          ({ day }) => day >= from && day <= to,
        );
        const [part, whole] = sums(days, 'platform', 'delivered');
        return ofShare({ state: 'value', part, whole });
      };
    }
    case 'first-deployment':
      return days => {
        const { services } = atEnd(days.to);
        const times = firstDeploymentTimes(services, days);
        const spread = spreadOf(times);
        return spread
          ? {
              ...{ value: spread.median, n: times.length },
              ...{ p75: spread.p75, p90: spread.p90 },
            }
          : NOTHING;
      };
    case 'deviations':
      return ({ to }) => {
        const { services, reached } = atEnd(to);
        const found = deviationsOf(services, reached);
        return found.state === 'value'
          ? { value: found.n, n: found.n }
          : NOTHING;
      };
    default:
      return ({ to }) => {
        const { windows = [], reached } = atEnd(to);
        const found = deflectionOf(windows, to, reached);
        return found.state === 'value' && found.before > 0
          ? { value: found.after / found.before, n: found.services }
          : NOTHING;
      };
  }
}

function ofShare(share: Share): Value {
  return share.state === 'value' && share.whole > 0
    ? { value: share.part / share.whole, n: share.whole }
    : NOTHING;
}

function daysBy(bucket: Bucket, days: Day[]): Map<string, Day[]> {
  const startOf = startsOf(bucket);
  const found = new Map<string, Day[]>();
  for (const one of days) {
    const start = startOf(one.day);
    const part = found.get(start);
    if (part) part.push(one);
    else found.set(start, [one]);
  }
  return found;
}
