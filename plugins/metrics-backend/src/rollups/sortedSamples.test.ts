import { spreadOf } from '@highroad/plugin-metrics-common';
import fc from 'fast-check';
import { countBelow, spreadOfSorted } from './sortedSamples';

describe('spreadOfSorted', () => {
  const ascending = (values: number[]) => [...values].sort((a, b) => a - b);

  it('is that of all values together, however they are spread over lists', () => {
    const lists = fc.array(
      fc.record({
        from: fc.integer({ min: -1000, max: 100_000 }),
        steps: fc.array(fc.nat({ max: 40 }), { maxLength: 50 }),
        times: fc.integer({ min: 1, max: 40 }),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(lists, made => {
        const given = made.map(({ from, steps, times }) =>
          ascending(
            Array.from({ length: times }, (_, time) =>
              steps.map((step, at) => from + step * at + time),
            ).flat(),
          ),
        );
        const all = given.flat();
        const spread = spreadOf(all);
        for (const few of [0, 100_000]) {
          expect(spreadOfSorted(given, few)).toEqual(
            spread && { ...spread, n: all.length },
          );
        }
      }),
      { numRuns: 300, verbose: true },
    );
  });

  it('counts what is less', () => {
    const lists = [[1, 2, 2, 5], [], [2, 7]];
    expect([0, 2, 3, 8].map(value => countBelow(lists, value))).toEqual([
      0, 1, 4, 6,
    ]);
  });
});
