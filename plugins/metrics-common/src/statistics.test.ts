import { netPromoterScore, percentile, spreadOf } from './statistics';

describe('percentile', () => {
  it('interpolates linearly between the closest ranks', () => {
    // As numpy.percentile([15, 20, 35, 40, 50], …) and percentile_cont say.
    const values = [15, 20, 35, 40, 50];
    expect(percentile(values, 0.5)).toBe(35);
    expect(percentile(values, 0.75)).toBe(40);
    expect(percentile(values, 0.9)).toBeCloseTo(46);
    expect(percentile([1, 2], 0.75)).toBeCloseTo(1.75);
  });

  it('is the value itself for one, and nothing for none', () => {
    expect(percentile([7], 0.9)).toBe(7);
    expect(percentile([], 0.5)).toBeUndefined();
  });

  it('takes values in any order for a spread', () => {
    expect(spreadOf([50, 15, 40, 20, 35])?.median).toBe(35);
    expect(spreadOf([])).toBeUndefined();
  });
});

describe('netPromoterScore', () => {
  const counts = (given: Record<number, number>) =>
    Array.from({ length: 11 }, (_, score) => given[score] ?? 0);

  it('is percent of 9 and 10 minus percent of 0 to 6, with its margin', () => {
    const nps = netPromoterScore(counts({ 10: 5, 8: 3, 3: 2 }));
    expect(nps?.score).toBeCloseTo(30);
    // sqrt((0.5 + 0.2 - 0.09) / 10) * 1.96 * 100
    expect(nps?.margin).toBeCloseTo(48.41, 1);
    expect(nps?.n).toBe(10);
  });

  it('reaches from -100 to 100', () => {
    expect(netPromoterScore(counts({ 9: 4 }))).toEqual({
      score: 100,
      n: 4,
      margin: 0,
    });
    expect(netPromoterScore(counts({ 6: 4 }))?.score).toBe(-100);
  });

  it('is nothing where nobody answered, rather than 0', () => {
    expect(netPromoterScore(counts({}))).toBeUndefined();
  });
});
