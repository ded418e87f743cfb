import { Day } from './Day';
import { KnownValues } from './KnownValues';

const day = (delivered: number): Day => ({
  ...{ day: '2026-04-01', delivered, completed: 0, failed: 0, successful: 0 },
  ...{ rework: 0, platform: 0, excluded: 0, open: 0 },
  ...{ leads: [], recoveries: [], restores: [] },
});
const [first, second] = [day(1), day(2)];
const sum = (days: readonly Day[]) =>
  days.reduce((all, { delivered }) => all + delivered, 0);

describe('KnownValues', () => {
  it('finds a value once as long as the days are the same, and again where one is another', () => {
    const known = new KnownValues();
    const find = jest.fn(sum);
    const ask = (days: Day[], ref = 'a') => known.of('spring')(ref, days, find);
    expect([ask([first, second]), ask([first, second])]).toEqual([3, 3]);
    expect(find).toHaveBeenCalledTimes(1);
    expect(ask([first, day(5)])).toBe(6);
    expect(ask([first])).toBe(1);
    expect(ask([first], 'b')).toBe(1);
    expect(find).toHaveBeenCalledTimes(4);
  });

  it('keeps that there is none', () => {
    const find = jest.fn(() => undefined);
    const known = new KnownValues();
    known.of('spring')('a', [first], find);
    expect(known.of('spring')('a', [first], find)).toBeUndefined();
    expect(find).toHaveBeenCalledTimes(1);
  });

  it('tells questions apart, and forgets that which nobody asked for longest', () => {
    const known = new KnownValues();
    const find = jest.fn(sum);
    const ask = (asked: string) => known.of(asked)('a', [first], find);
    for (let at = 0; at < 8; at++) ask(`${at}`);
    ask('0');
    ask('new');
    expect(find).toHaveBeenCalledTimes(9);
    ask('0');
    expect(find).toHaveBeenCalledTimes(9);
    ask('1');
    expect(find).toHaveBeenCalledTimes(10);
  });
});
