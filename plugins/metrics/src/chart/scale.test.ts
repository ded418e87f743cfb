import { ticksOf, tickText } from './scale';

describe('the scale of a chart', () => {
  it('begins at zero and ends above everything, at round values', () => {
    expect(ticksOf(9, 'deployments')).toEqual([0, 5, 10]);
    expect(ticksOf(2, 'deployments')).toEqual([0, 1, 2]);
    expect(ticksOf(0.12, 'share').at(-1)).toBeGreaterThanOrEqual(0.12);
    // Where all is zero, it is at the bottom all the same.
    expect(ticksOf(0, 'deployments')).toEqual([0, 1, 2, 3, 4]);
    expect(ticksOf(0, 'share').at(-1)).toBeCloseTo(0.2);
  });

  it('has hours and days for lengths of time', () => {
    expect(
      ticksOf(5 * 3600, 'seconds').map(at => tickText(at, 'seconds')),
    ).toEqual(['0', '3 h', '6 h']);
    expect(tickText(86_400, 'seconds')).toBe('1 d');
  });
});
