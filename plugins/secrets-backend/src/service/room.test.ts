import { MOST_TOGETHER } from '@highroad/plugin-secrets-common';
import { fitting } from './room';

const QUARTER = MOST_TOGETHER / 4;
/** Every way in which three keys are there before, and are set anew, in quarters of what there is room for. */
const every = [0, 1, 2].reduce<Array<Array<[number, number]>>>(
  ways =>
    ways.flatMap(way =>
      [0, 1, 2].flatMap(before =>
        [0, 1, 2, 3].map(
          (news): Array<[number, number]> => [...way, [before, news]],
        ),
      ),
    ),
  [[]],
);
const sum = (all: Iterable<number>) =>
  [...all].reduce((one, other) => one + other, 0);

describe('room in a Secret', () => {
  it('is never taken by more than there is, and by everything that there is room for together', () => {
    let all = 0;
    for (const way of every) {
      const of = (which: 0 | 1) =>
        new Map(
          way.flatMap((one, at) =>
            one[which] > 0 ? [[`K${at}`, one[which] * QUARTER]] : [],
          ) as Array<[string, number]>,
        );
      const [held, news] = [of(0), of(1)];
      if (sum(held.values()) > MOST_TOGETHER) continue;
      const fits = fitting(
        held,
        [...news].map(([key, bytes]) => ({ key, bytes, brought: false })),
      );
      const then = new Map(held);
      for (const key of fits) then.set(key, news.get(key)!);
      expect(sum(then.values())).toBeLessThanOrEqual(MOST_TOGETHER);
      if (sum(new Map([...held, ...news]).values()) > MOST_TOGETHER) continue;
      all += 1;
      expect([...fits].sort()).toEqual([...news.keys()].sort());
    }
    expect([every.length, all > 100]).toEqual([12 ** 3, true]);
  });

  it('is given first to what was there before', () => {
    const large = MOST_TOGETHER / 2 + 1;
    const of = (key: string, bytes: number, brought: boolean) => ({
      ...{ key, bytes, brought },
    });
    const fits = fitting(new Map(), [
      of('NEW', large - 1, false),
      of('THERE', large, true),
    ]);
    expect([...fits]).toEqual(['THERE']);
  });
});
