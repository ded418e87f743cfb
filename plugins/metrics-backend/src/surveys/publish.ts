import {
  netPromoterScore,
  NetPromoterScore,
  QuarterResult,
} from '@highroad/plugin-metrics-common';

/** With fewer answers than this, somebody could be told from them. */
export const LEAST = 5;

/** What a group answered in a quarter. */
export interface GroupAnswers {
  group: string;
  /** How many gave 0, 1 … 10 */
  counts: number[];
  asked: number;
  texts: string[];
}

/**
 * What of a quarter may be shown. Groups of fewer than five are never shown: they are put together, and where they are fewer than five
 * together too, they are left out of the total as well, so that nobody gets them by subtraction.
 */
export function publish(
  quarter: string,
  groups: GroupAnswers[],
): QuarterResult {
  const n = (counts: number[]) => counts.reduce((all, one) => all + one, 0);
  const shown = groups.filter(one => n(one.counts) >= LEAST);
  const few = groups.filter(one => n(one.counts) > 0 && n(one.counts) < LEAST);
  const together = sum(few);
  const pooled = n(together) >= LEAST;
  const inTotal = pooled ? [...shown, ...few] : shown;
  // Whoever was asked and is in a group of which nobody answered did not answer either.
  const silent = groups.filter(one => n(one.counts) === 0);
  const asked = [...inTotal, ...silent].reduce(
    (all, one) => all + one.asked,
    0,
  );
  return {
    quarter,
    total: npsOf(sum(inTotal)),
    ...(inTotal.length > 0 && {
      responseRate: rateOf(n(sum(inTotal)), asked),
    }),
    groups: shown
      .map(({ group, counts, asked: ofGroup }) => ({
        ...{ group, nps: npsOf(counts) },
        responseRate: rateOf(n(counts), ofGroup),
      }))
      .flatMap(({ nps, ...rest }) => (nps ? [{ ...rest, nps }] : []))
      .sort((a, b) => (a.group < b.group ? -1 : 1)),
    ...(pooled && { others: npsOf(together) }),
    leftOut: few.length > 0 && !pooled,
    texts: inTotal.flatMap(one => one.texts).sort(),
  };
}

function sum(groups: GroupAnswers[]): number[] {
  return Array.from({ length: 11 }, (_, score) =>
    groups.reduce((all, one) => all + (one.counts[score] ?? 0), 0),
  );
}

function rateOf(answers: number, asked: number): number {
  return asked > 0 ? Math.min(1, answers / asked) : 1;
}

function npsOf(counts: number[]): NetPromoterScore | undefined {
  return netPromoterScore(counts);
}
