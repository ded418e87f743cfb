import { z } from 'zod';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;
/** From then on clocks of all zones differ from UTC by quarters of an hour, so that days begin with one. */
const QUARTERS_FROM = Date.parse('1973-01-01');
const MOST_KNOWN = 50_000;

interface Zone {
  format: Intl.DateTimeFormat;
  /** Days of quarters of an hour: to format one takes several times as long, and nearly all that is asked is of few of them */
  known: Map<number, string>;
}
const zones = new Map<string, Zone>();

/** A day of the calendar, such as 2026-03-29. Days compare as text. */
export const daySchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'write a day such as 2026-03-29')
  .refine(
    day => !Number.isNaN(Date.parse(day)) && addDays(day, 0) === day,
    'there is no such day',
  );

/**
 * The day that a moment falls on in a time zone, with its daylight saving.
 *
 * @param zone - of the IANA, such as Europe/Berlin
 * @throws RangeError for a moment or a zone that there is not
 */
export function dayOf(moment: string | Date, zone: string): string {
  const { format, known } = zoneOf(zone);
  const date = new Date(moment);
  const at = date.getTime();
  if (!(at >= QUARTERS_FROM)) return format.format(date);
  const quarter = Math.floor(at / QUARTER_MS);
  let day = known.get(quarter);
  if (day === undefined) {
    day = format.format(date);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(quarter, day);
  }
  return day;
}

function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    const format = new Intl.DateTimeFormat('en-CA', {
      timeZone: name,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    zone = { format, known: new Map() };
    zones.set(name, zone);
  }
  return zone;
}

/**
 * The moment at which a day begins in a time zone.
 *
 * @param zone - of the IANA
 */
export function beginOf(day: string, zone: string): Date {
  // Zones are up to 14 hours ahead of UTC and 12 behind it; days begin at quarters of an hour.
  const first = Date.parse(day) - 15 * HOUR_MS;
  for (let at = first; ; at += QUARTER_MS) {
    if (dayOf(new Date(at), zone) >= day) return new Date(at);
  }
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Both counted. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
}

/** The quarter that a day is in, such as 2026-Q1. */
export function quarterOf(day: string): string {
  const [year, month] = day.split('-').map(Number);
  return `${year}-Q${Math.ceil(month / 3)}`;
}

/** @param quarter - such as 2026-Q1 */
export function quarterBefore(quarter: string): string {
  const [year, number] = quarter.split('-Q').map(Number);
  return number === 1 ? `${year - 1}-Q4` : `${year}-Q${number - 1}`;
}

/** How long a range may be, in days: three years. */
export const MOST_DAYS = 3 * 366;

/** A range of days. The one who answers knows which day is today, in the time zone that days are of. */
export const rangeInput = z.object({
  from: daySchema.optional().describe('First day; else goes by days'),
  to: daySchema.optional().describe('Last day; today if left out'),
  days: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_DAYS)
    .optional()
    .describe('How many days, instead of the first; 90 if left out'),
});
export type RangeInput = z.output<typeof rangeInput>;

export const buckets = ['day', 'week', 'month'] as const;
export type Bucket = (typeof buckets)[number];

/** The first day of the day, ISO week (from Monday) or month that a day is in. */
export function bucketStart(day: string, bucket: Bucket): string {
  if (bucket === 'day') return day;
  if (bucket === 'month') return `${day.slice(0, 7)}-01`;
  const fromMonday = (new Date(day).getUTCDay() + 6) % 7;
  return addDays(day, -fromMonday);
}

/** The last day of the bucket that begins on a day. */
export function bucketEnd(start: string, bucket: Bucket): string {
  if (bucket === 'day') return start;
  if (bucket === 'week') return addDays(start, 6);
  return addDays(bucketStart(addDays(start, 31), 'month'), -1);
}

/** The buckets that touch a range, in order, each with its whole length. */
export function bucketsOf(
  from: string,
  to: string,
  bucket: Bucket,
): Array<{ from: string; to: string }> {
  const found: Array<{ from: string; to: string }> = [];
  for (let start = bucketStart(from, bucket); start <= to; ) {
    const end = bucketEnd(start, bucket);
    found.push({ from: start, to: end });
    start = addDays(end, 1);
  }
  return found;
}
