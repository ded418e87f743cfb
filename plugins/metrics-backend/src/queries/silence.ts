import { daysBetween, percentile } from '@highroad/plugin-metrics-common';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
/** With fewer days, nobody can say what is usual. */
const FEWEST_DAYS = 4;
/** So much longer than usual may happen, besides a weekend. */
const FACTOR = 2;
const SHORTEST_HOURS = 3 * DAY_HOURS;
const USUAL = 0.9;

/** What is expected of a source, and since when it does not keep to it. */
export interface Silence {
  /** It is silent where nothing is heard for longer, in hours */
  expectedHours?: number;
  /** When it was last heard, ISO 8601; left out where it is not silent */
  silentSince?: string;
}

/**
 * Whether a source has told nothing for longer than is expected of it: what is configured, or else twice as long as it usually tells
 * nothing, three days at least. Of one that was heard on fewer than four days nothing is expected.
 *
 * @param about.days - on which it was heard, ascending
 * @param about.lastHeardAt - ISO 8601
 */
export function silenceOf(about: {
  days: string[];
  lastHeardAt: string;
  everyHours?: number;
  now: Date;
}): Silence {
  const { days, lastHeardAt, everyHours, now } = about;
  const expectedHours = everyHours ?? usualHours(days);
  if (expectedHours === undefined) return {};
  const silentHours = (now.getTime() - Date.parse(lastHeardAt)) / HOUR_MS;
  return {
    expectedHours,
    ...(silentHours > expectedHours && { silentSince: lastHeardAt }),
  };
}

function usualHours(days: string[]): number | undefined {
  if (days.length < FEWEST_DAYS) return undefined;
  const gaps = days
    .slice(1)
    .map((day, at) => daysBetween(days[at], day) - 1)
    .sort((a, b) => a - b);
  const usual = percentile(gaps, USUAL) ?? 1;
  return Math.max(SHORTEST_HOURS, Math.ceil(usual * FACTOR * DAY_HOURS));
}
