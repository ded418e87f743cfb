import {
  BandName,
  bandOfDuration,
  bandOfFrequency,
  bandOfRate,
  BandSet,
  Beside,
  bucketsOf,
  daysBetween,
  Key,
  Measure,
  percentile,
} from '@highroad/plugin-metrics-common';
import { spreadOfSorted } from '../rollups/sortedSamples';
import { Day, Days } from './Day';
import {
  hasAny,
  Known,
  OpenFailures,
  perWeek,
  samplesOf,
  SHARES,
  sums,
} from './values';

/** Days */
const SHORTEST_MONTH = 28;
const LONGEST_MONTH = 31;

export interface Measured {
  measure: Measure;
  band?: BandName;
}

const NO_DEPLOYMENTS =
  'Nothing is connected that tells of deployments: deploy with this platform, send events, or import a history.';
const NOT_HERE =
  'Nothing tells of deployments of this: deploy it with this platform, send events, or import a history.';
const NOT_THEN = 'Deployments of this time are not known.';
const NO_COMMITS =
  'No commits are known here, so lead times are not: import a clone with "platform metrics import", or send events.';

/**
 * One number. Incomplete days are counted as far as they have come; days of which nothing can be known are not.
 *
 * @param material - days of one slice in one range, with the samples that the number is taken from
 */
export function measure(
  key: Key,
  material: Day[],
  about: {
    /** The days that something is known of */
    counted: Days | undefined;
    lastWhole: string;
    now: Date;
    known: Known;
    bands: BandSet;
    /** Up to the end of the range, of whenever */
    open: OpenFailures;
  },
): Measured {
  const { counted, known, bands } = about;
  if (!known.deployments) return noData(NO_DEPLOYMENTS);
  if (!counted) {
    const why = known.from === undefined ? NOT_HERE : NOT_THEN;
    return incidentsOnly(key, material, about, why) ?? noData(why);
  }
  switch (key) {
    case 'frequency':
      return frequency(material, { ...about, days: counted });
    case 'lead-time': {
      const [excluded] = sums(material, 'excluded');
      const samples = samplesOf(key, material);
      // What a service brought is still of whoever owned it then, also where they own none with commits now.
      const isKnown = known.commits || excluded > 0 || hasAny(samples);
      if (!isKnown) return noData(NO_COMMITS);
      return durations(
        samples,
        'No change was deployed in this time.',
        excluded > 0
          ? [beside('negative times, left out', excluded, 'count')]
          : [],
        bands.leadTime,
      );
    }
    case 'change-failure-rate': {
      const [failed, completed] = sums(material, ...SHARES[key]);
      const found = share(failed, completed, [
        beside('needed intervention', failed, 'count'),
        beside('completed', completed, 'count'),
      ]);
      return found.state === 'value'
        ? { measure: found, band: bandOfRate(found.value, bands) }
        : { measure: found };
    }
    case 'recovery':
      return recovery(material, about);
    default: {
      const [rework, successful] = sums(material, ...SHARES.rework);
      return {
        measure: share(rework, successful, [
          beside('repaired something', rework, 'count'),
          beside('successful', successful, 'count'),
        ]),
      };
    }
  }
}

function frequency(
  material: Day[],
  about: { days: Days; lastWhole: string; bands: BandSet },
): Measured {
  const { days, lastWhole, bands } = about;
  const [delivered] = sums(material, 'delivered');
  const active = [
    ...new Set(material.filter(one => one.delivered > 0).map(one => one.day)),
  ];
  const inWeek = medianDays(active, days, lastWhole, 'week');
  const inMonth = medianDays(active, days, lastWhole, 'month');
  const others = [beside('deployments', delivered, 'count')];
  if (inWeek !== undefined) {
    others.push(
      beside('days with a deployment, median of weeks', inWeek, 'days'),
    );
  }
  others.push(
    inMonth === undefined
      ? beside('days with a deployment', active.length, 'days')
      : beside('days with a deployment, median of months', inMonth, 'days'),
  );
  return {
    measure: {
      ...{ state: 'value', value: perWeek(material, days), n: delivered },
      beside: others,
    },
    band: frequencyBand(inWeek, inMonth, active.length, days, bands),
  };
}

/**
 * None where the days don't say it: without a week that is whole, or where it hangs on the month and they are fewer than one has.
 *
 * @param active - how many of the days had a deployment
 */
function frequencyBand(
  inWeek: number | undefined,
  inMonth: number | undefined,
  active: number,
  { from, to }: Days,
  bands: BandSet,
): BandName | undefined {
  if (inWeek === undefined) return undefined;
  const length = daysBetween(from, to);
  // Days of two months, neither of them whole, are as good as those of one.
  const month = inMonth ?? active * Math.min(1, LONGEST_MONTH / length);
  const band = bandOfFrequency(inWeek, month, bands);
  const isLongEnough = inMonth !== undefined || length >= SHORTEST_MONTH;
  return band === 'low' && !isLongEnough ? undefined : band;
}

/**
 * Median of how many days had a deployment, over the weeks or months that are whole and over; those without any count 0.
 *
 * @param active - days that had one, each once
 * @returns nothing where none is whole
 */
function medianDays(
  active: string[],
  { from, to }: Days,
  lastWhole: string,
  bucket: 'week' | 'month',
): number | undefined {
  const { buckets, placeOf } = wholeBuckets({ from, to }, lastWhole, bucket);
  const counts = buckets.map(() => 0);
  for (const day of active) {
    const place = placeOf(day);
    if (place >= 0) counts[place] += 1;
  }
  return percentile(
    counts.sort((a, b) => a - b),
    0.5,
  );
}

const MOST_KNOWN = 100;
const knownBuckets = new Map<string, Counted>();

interface Counted {
  buckets: Days[];
  /** In which of them a day is; -1 for none */
  placeOf: (day: string) => number;
}

/** Those that are whole and over. Found once for all rows of a table, for which it would take longest. */
function wholeBuckets(
  { from, to }: Days,
  lastWhole: string,
  bucket: 'week' | 'month',
): Counted {
  const key = [from, to, lastWhole, bucket].join();
  const known = knownBuckets.get(key);
  if (known) return known;
  const all = bucketsOf(from, to, bucket);
  const buckets = all.filter(
    one => one.from >= from && one.to <= to && one.to <= lastWhole,
  );
  const places = new Map<string, number>();
  const placeOf = (day: string) => {
    const place =
      places.get(day) ??
      buckets.findIndex(one => day >= one.from && day <= one.to);
    places.set(day, place);
    return place;
  };
  const found = { buckets, placeOf };
  if (knownBuckets.size >= MOST_KNOWN) knownBuckets.clear();
  knownBuckets.set(key, found);
  return found;
}

function recovery(
  material: Day[],
  { now, bands, open }: { now: Date; bands: BandSet; open: OpenFailures },
): Measured {
  const [openThen, completed] = sums(material, 'open', 'completed');
  const restored = spreadOfSorted(material.map(one => one.restores));
  const others: Beside[] = [
    { ...beside('still open', open.count, 'count'), behind: 'open-failures' },
  ];
  if (open.since) {
    const age = (now.getTime() - Date.parse(open.since)) / 1000;
    others.push(beside('age of the oldest that is open', age, 'seconds'));
  }
  if (restored) {
    others.push({
      ...beside(
        'median time to restore of all incidents',
        restored.median,
        'seconds',
      ),
      behind: 'incidents',
    });
  }
  return durations(
    samplesOf('recovery', material),
    whyNothing(completed, openThen),
    others,
    bands.recovery,
  );
}

/** Incidents may be known where deployments are not. */
function incidentsOnly(
  key: Key,
  material: Day[],
  about: Parameters<typeof recovery>[1],
  why: string,
): Measured | undefined {
  if (key !== 'recovery' || !hasAny(material.map(one => one.restores))) {
    return undefined;
  }
  const { measure: found } = recovery(material, about);
  return found.state === 'nothing' ? { measure: { ...found, why } } : undefined;
}

function whyNothing(completed: number, open: number): string {
  if (open > 0) return `${open} failed, and nothing is repaired yet.`;
  return completed === 0
    ? 'No deployment completed in this time.'
    : 'Nothing failed in this time.';
}

function durations(
  lists: number[][],
  why: string,
  others: Beside[],
  limits: [number, number, number],
): Measured {
  const spread = spreadOfSorted(lists);
  if (!spread) return { measure: { state: 'nothing', why, beside: others } };
  const { median, n, p75, p90 } = spread;
  return {
    measure: {
      ...{ state: 'value', value: median, n, p75, p90 },
      beside: others,
    },
    band: bandOfDuration(median, limits),
  };
}

function share(part: number, whole: number, others: Beside[]): Measure {
  return whole === 0
    ? {
        state: 'nothing',
        why: 'No deployment completed in this time.',
        beside: others,
      }
    : { state: 'value', value: part / whole, n: whole, beside: others };
}

function beside(name: string, value: number, unit: Beside['unit']): Beside {
  return { name, value, unit };
}

function noData(why: string): Measured {
  return { measure: { state: 'no-data', why } };
}
