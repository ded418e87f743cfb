import {
  bandOfDuration,
  bandOfFrequency,
  bandOfRate,
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
});
