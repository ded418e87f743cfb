import { InputError } from '@backstage/errors';
import { RotationRule } from '@highroad/plugin-secrets-common';
import { CronTime } from 'cron';
import { DateTime, IANAZone } from 'luxon';

type Schedule = Pick<
  RotationRule,
  'everyDays' | 'cron' | 'timeZone' | 'window'
>;

/** @throws InputError that names the field which cannot be meant */
export function checkSchedule(rule: Schedule & { overlapHours: number }): void {
  const { everyDays, cron, timeZone, window, overlapHours } = rule;
  if (!IANAZone.isValidZone(timeZone)) {
    throw new InputError(
      `timeZone: there is no time zone "${timeZone}"; write one such as Europe/Berlin.`,
    );
  }
  if ((everyDays === undefined) === (cron === undefined)) {
    throw new InputError('everyDays or cron: give one of the two.');
  }
  if (everyDays !== undefined && overlapHours >= everyDays * 24) {
    throw new InputError(
      `overlapHours: the value before cannot go on working for ${overlapHours} hours where it is replaced every ${everyDays} days.`,
    );
  }
  if (cron === undefined) return;
  if (window) {
    throw new InputError('window: cron says the time already; leave one out.');
  }
  if (cron.trim().split(/\s+/).length !== 5) {
    throw new InputError(
      'cron: write five fields: minute, hour, day of month, month, day of week; such as 0 3 * * 0.',
    );
  }
  try {
    nextDue(rule, new Date());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(`cron: "${cron}" says no time: ${why}.`);
  }
}

/** When a value that was replaced at some time is due again: within the window, if there is one. */
export function nextDue(rule: Schedule, from: Date): Date {
  if (rule.cron !== undefined) {
    const time = new CronTime(rule.cron, rule.timeZone);
    return time.getNextDateFrom(from, rule.timeZone).toJSDate();
  }
  const due = DateTime.fromJSDate(from, { zone: rule.timeZone }).plus({
    days: rule.everyDays,
  });
  return (rule.window ? inWindow(due, rule.window) : due).toJSDate();
}

/**
 * Whether it may happen at this time. What was missed, as the platform did not run, waits for the next window.
 *
 * @returns when it may; the time itself where it may then
 */
export function nextAllowed(rule: Schedule, at: Date): Date {
  if (!rule.window) return at;
  const time = DateTime.fromJSDate(at, { zone: rule.timeZone });
  return inWindow(time, rule.window).toJSDate();
}

function inWindow(
  at: DateTime,
  { from, to }: NonNullable<RotationRule['window']>,
): DateTime {
  const minute = at.hour * 60 + at.minute;
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  const inside =
    begin <= end
      ? minute >= begin && minute < end
      : minute >= begin || minute < end;
  if (inside) return at;
  const [hours, minutes] = from.split(':').map(Number);
  const today = at.startOf('day').set({ hour: hours, minute: minutes });
  return today > at ? today : today.plus({ days: 1 });
}

function minutesOf(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}
