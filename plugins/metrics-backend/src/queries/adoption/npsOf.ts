import {
  addDays,
  Adoption,
  QuarterResult,
  quarterBefore,
  quarterOf,
} from '@highroad/plugin-metrics-common';

/**
 * What people say, of what may be shown of it anyway: a group's own answers, never those of groups within it put together, from which a
 * group of few could be got by subtraction.
 *
 * @param quarters - what may be shown, the newest first
 * @param to - last day of the range
 */
export function npsOf(
  quarters: QuarterResult[],
  { slice, to }: { slice?: string; to: string },
): Adoption['nps'] {
  if (slice && !slice.startsWith('group:')) {
    return noData('Answers are kept by group only, so ask for a group or all.');
  }
  const over = quarterOf(addDays(to, 1));
  const last = quarters.find(one => one.quarter < over);
  if (!last) {
    return noData(
      'No survey had ended by then: each is shown when its quarter is over.',
    );
  }
  const found = scoreIn(last, slice);
  if (!found) {
    return noData(
      slice
        ? `Of ${slice} itself, none or too few answered in ${last.quarter} to be shown.`
        : `None or too few answered in ${last.quarter} to be shown.`,
    );
  }
  const quarter = quarterBefore(last.quarter);
  const before = quarters.find(one => one.quarter === quarter);
  const earlier = before && scoreIn(before, slice);
  return {
    ...{ state: 'value', quarter: last.quarter, ...found },
    ...(earlier && { before: { quarter, score: earlier.score } }),
  };
}

function scoreIn(
  { groups, total, responseRate }: QuarterResult,
  slice?: string,
) {
  if (!slice) return total && { ...total, responseRate };
  const row = groups.find(one => one.group === slice);
  return row && { ...row.nps, responseRate: row.responseRate };
}

function noData(why: string): Adoption['nps'] {
  return { state: 'no-data', why };
}
