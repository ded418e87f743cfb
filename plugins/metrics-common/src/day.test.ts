import {
  bucketsOf,
  bucketStart,
  dayOf,
  daysBetween,
  daySchema,
  quarterBefore,
} from './day';

describe('days', () => {
  it('are those of the zone, also around the change to daylight saving', () => {
    const zone = 'Europe/Berlin';
    expect(dayOf('2026-03-28T22:59:59Z', zone)).toBe('2026-03-28');
    expect(dayOf('2026-03-28T23:00:00Z', zone)).toBe('2026-03-29');
    // From now on the day begins at 22:00 UTC.
    expect(dayOf('2026-03-29T21:59:59Z', zone)).toBe('2026-03-29');
    expect(dayOf('2026-03-29T22:00:00Z', zone)).toBe('2026-03-30');
    expect(dayOf('2026-03-29T22:00:00Z', 'America/New_York')).toBe(
      '2026-03-29',
    );
  });

  it.each([
    ['Europe/Berlin', '2026-10-25'],
    ['Asia/Kathmandu', '2026-03-29'],
    // Half an hour for daylight saving.
    ['Australia/Lord_Howe', '2026-04-05'],
    ['America/St_Johns', '2026-03-08'],
    ['Pacific/Apia', '2011-12-30'],
    // 44 minutes and 30 seconds.
    ['Africa/Monrovia', '1972-01-07'],
  ])('are those of %s in each minute around %s', (timeZone, around) => {
    const format = new Intl.DateTimeFormat('en-CA', {
      ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit' },
    });
    const first = Date.parse(around) - 2 * 86_400_000;
    const moments = Array.from(
      { length: 4 * 1_440 },
      (_, minute) => new Date(first + minute * 60_000 + 59_999),
    );
    expect(moments.map(one => dayOf(one, timeZone))).toEqual(
      moments.map(one => format.format(one)),
    );
  });

  it('are not those of a moment or a zone that there is not', () => {
    expect(() => dayOf('yesterday', 'UTC')).toThrow(RangeError);
    expect(() => dayOf('2026-03-28T00:00:00Z', 'Mars/Olympus')).toThrow(
      RangeError,
    );
  });

  it('fall into ISO weeks from Monday, across years', () => {
    expect(bucketStart('2026-01-01', 'week')).toBe('2025-12-29');
    expect(bucketStart('2026-01-04', 'week')).toBe('2025-12-29');
    expect(bucketStart('2026-01-05', 'week')).toBe('2026-01-05');
  });

  it('make buckets without gaps or overlaps', () => {
    expect(bucketsOf('2026-01-30', '2026-03-01', 'month')).toEqual([
      { from: '2026-01-01', to: '2026-01-31' },
      { from: '2026-02-01', to: '2026-02-28' },
      { from: '2026-03-01', to: '2026-03-31' },
    ]);
    expect(bucketsOf('2026-03-23', '2026-04-05', 'week')).toHaveLength(2);
    expect(daysBetween('2026-03-01', '2026-03-31')).toBe(31);
  });

  it('are in quarters that follow one another across years', () => {
    expect(quarterBefore('2026-Q1')).toBe('2025-Q4');
    expect(quarterBefore('2026-Q3')).toBe('2026-Q2');
  });

  it('are refused where the calendar has none', () => {
    expect(daySchema.safeParse('2026-02-29').success).toBe(false);
    expect(daySchema.safeParse('2024-02-29').success).toBe(true);
    expect(daySchema.safeParse('tomorrow').success).toBe(false);
  });
});
