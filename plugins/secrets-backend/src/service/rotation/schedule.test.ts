import { RotationRule } from '@highroad/plugin-secrets-common';
import { checkSchedule, dueAfter, nextAllowed, nextDue } from './schedule';

const rule = { timeZone: 'UTC', overlapHours: 0 };
const due = (one: Partial<RotationRule>, from: string) =>
  nextDue({ ...rule, ...one }, new Date(from)).toISOString();
const check = (one: Parameters<typeof checkSchedule>[0], overlaps = true) =>
  checkSchedule(one, { from: new Date('2027-01-15T08:00:00Z'), overlaps });

describe('when a rotation is due', () => {
  it('counts days as the clock on the wall does', () => {
    const berlin = { everyDays: 1, timeZone: 'Europe/Berlin' };
    expect(due(berlin, '2027-03-27T12:00:00Z')).toBe(
      '2027-03-28T11:00:00.000Z',
    );
    expect(due({ everyDays: 1 }, '2027-03-27T12:00:00Z')).toBe(
      '2027-03-28T12:00:00.000Z',
    );
  });

  it('goes by cron in its time zone', () => {
    const sundays = { cron: '0 3 * * 0', timeZone: 'Europe/Berlin' };
    expect(due(sundays, '2027-01-15T08:00:00Z')).toBe(
      '2027-01-17T02:00:00.000Z',
    );
    // The hour that is left out at the change to summer time
    expect(
      due(
        { cron: '30 2 28 3 *', timeZone: 'Europe/Berlin' },
        '2027-03-27T00:00:00Z',
      ) < '2027-03-28T02:00:00Z',
    ).toBe(true);
  });

  it('comes after the end of the value before, by cron at its next time, else in the next window', () => {
    const after = (one: Partial<RotationRule>, endsAt?: string) =>
      dueAfter(
        { ...rule, ...one },
        new Date('2027-01-15T08:00:00Z'),
        endsAt ? new Date(endsAt) : undefined,
      ).toISOString();
    const daily = { cron: '0 9 * * *' };
    expect(after(daily)).toBe('2027-01-15T09:00:00.000Z');
    expect(after(daily, '2027-01-15T09:00:00Z')).toBe(
      '2027-01-15T09:00:00.000Z',
    );
    expect(after(daily, '2027-01-16T07:00:00Z')).toBe(
      '2027-01-16T09:00:00.000Z',
    );
    const weekly = { everyDays: 7 };
    expect(after(weekly, '2027-01-16T07:00:00Z')).toBe(
      '2027-01-22T08:00:00.000Z',
    );
    expect(after(weekly, '2027-01-23T08:00:00Z')).toBe(
      '2027-01-23T08:00:00.000Z',
    );
    const window = { from: '02:00', to: '04:00' };
    expect(after({ ...weekly, window }, '2027-01-24T08:00:00Z')).toBe(
      '2027-01-25T02:00:00.000Z',
    );
  });

  it('falls into its window, also over midnight', () => {
    const window = { from: '22:00', to: '02:00' };
    const monthly = { everyDays: 30, window };
    expect(due(monthly, '2027-01-15T12:00:00Z')).toBe(
      '2027-02-14T22:00:00.000Z',
    );
    expect(due(monthly, '2027-01-15T01:00:00Z')).toBe(
      '2027-02-14T01:00:00.000Z',
    );
    const at = (text: string) =>
      nextAllowed({ ...rule, window }, new Date(text)).toISOString();
    expect(at('2027-01-15T23:30:00Z')).toBe('2027-01-15T23:30:00.000Z');
    expect(at('2027-01-15T02:00:00Z')).toBe('2027-01-15T22:00:00.000Z');
  });

  it.each([
    [{}, /everyDays or cron: give one/],
    [{ everyDays: 1, cron: '0 3 * * 0' }, /everyDays or cron: give one/],
    [{ everyDays: 1, overlapHours: 24 }, /overlapHours: .* every 1 days/],
    [{ everyDays: 1, timeZone: 'Mars/Base' }, /timeZone: .*"Mars\/Base"/],
    [{ cron: '0 3 * *' }, /cron: write five fields/],
    [{ cron: '0 3 * * 0 1' }, /cron: write five fields/],
    [{ cron: '61 3 * * 0' }, /cron: "61 3 \* \* 0" says no time/],
    [
      { cron: '0 3 * * 0', window: { from: '02:00', to: '03:00' } },
      /window: cron says the time/,
    ],
    [
      { everyDays: 1, window: { from: '02:00', to: '02:00' } },
      /window: from 02:00 to 02:00 is no time at all/,
    ],
    [
      { cron: '0 1,3 * * *', overlapHours: 2 },
      /overlapHours: .* for 2 hours where "0 1,3 \* \* \*" .* after 2\./,
    ],
  ])('refuses %j', (one, why) => {
    expect(() => check({ ...rule, ...one })).toThrow(why);
  });

  it('takes an overlap that ends in time, and any where none is made', () => {
    const twice = { ...rule, cron: '0 1,3 * * *' };
    expect(() => check({ ...twice, overlapHours: 1.5 })).not.toThrow();
    expect(() => check({ ...twice, overlapHours: 24 }, false)).not.toThrow();
    const daily = { ...rule, everyDays: 1, overlapHours: 24 };
    expect(() => check(daily, false)).not.toThrow();
  });

  it('takes a window of no length that was kept for the whole day', () => {
    const window = { from: '02:00', to: '02:00' };
    const noon = '2027-01-15T12:00:00.000Z';
    expect(nextAllowed({ ...rule, window }, new Date(noon)).toISOString()).toBe(
      noon,
    );
  });
});
