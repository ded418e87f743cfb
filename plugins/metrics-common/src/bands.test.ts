import {
  bandIn,
  bandOfDuration,
  bandOfFrequency,
  bandOfRate,
  bandRanges,
  bandsOf2023,
} from './bands';

describe('bands of 2023', () => {
  it.each([
    [5, 20, 'elite'],
    [4.5, 20, 'high'],
    [1, 4, 'high'],
    [0.5, 1, 'medium'],
    [0, 0.5, 'low'],
  ])(
    'takes %d days a week and %d a month as %s',
    (perWeek, perMonth, wanted) => {
      expect(bandOfFrequency(perWeek, perMonth, bandsOf2023)).toBe(wanted);
    },
  );

  it.each([
    [86_399, 'elite'],
    [86_400, 'high'],
    [7 * 86_400, 'medium'],
    [30 * 86_400, 'low'],
  ])('takes a lead time of %d s as %s', (seconds, wanted) => {
    expect(bandOfDuration(seconds, bandsOf2023.leadTime)).toBe(wanted);
  });

  it.each([
    [0, 'elite'],
    [0.05, 'elite'],
    [0.0501, 'high'],
    [0.15, 'medium'],
    [0.16, 'low'],
  ])('takes a rate of %d as %s', (rate, wanted) => {
    expect(bandOfRate(rate, bandsOf2023)).toBe(wanted);
  });

  it('draws of a rate and of a duration the bands that it has', () => {
    const rates = bandRanges('change-failure-rate', 'week', bandsOf2023);
    for (const rate of [0, 0.05, 0.0501, 0.1, 0.15, 0.16, 1]) {
      expect(bandIn(rates, rate)).toBe(bandOfRate(rate, bandsOf2023));
    }
    const leads = bandRanges('lead-time', 'day', bandsOf2023);
    for (const seconds of [0, 86_399, 86_400, 7 * 86_400, 31 * 86_400]) {
      expect(bandIn(leads, seconds)).toBe(
        bandOfDuration(seconds, bandsOf2023.leadTime),
      );
    }
  });

  it('draws of the frequency those that a week says', () => {
    const weeks = bandRanges('frequency', 'week', bandsOf2023);
    expect([0, 1, 4, 5, 7].map(days => bandIn(weeks, days))).toEqual([
      ...[undefined, 'high', 'high', 'elite', 'elite'],
    ]);
    expect(bandRanges('frequency', 'month', bandsOf2023)).toEqual([]);
    expect(bandRanges('rework', 'week', bandsOf2023)).toEqual([]);
  });
});
