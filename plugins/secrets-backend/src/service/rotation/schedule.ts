import { InputError } from '@backstage/errors';
import { RotationRule } from '@highroad/plugin-secrets-common';
import { CronTime } from 'cron';
import { DateTime, IANAZone } from 'luxon';

type Schedule = Pick<
  RotationRule,
  'everyDays' | 'cron' | 'timeZone' | 'window'
>;

/** How many times of a cron are looked at for the shortest time between two, and how far: no overlap is longer. */
const TIMES = 50;
const LOOKED_AT_MS = 60 * 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * @param options.from - times of a cron are looked at from here on
 * @param options.overlaps - whether the value before goes on working, as the rule says for how long
 * @throws InputError that names the field which cannot be meant
 */
export function checkSchedule(
  rule: Schedule & { overlapHours: number },
  options: { from: Date; overlaps: boolean },
): void {
  const { everyDays, cron, timeZone, window, overlapHours } = rule;
  if (!IANAZone.isValidZone(timeZone)) {
    throw new InputError(
      `timeZone: there is no time zone "${timeZone}"; write one such as Europe/Berlin.`,
    );
  }
  if ((everyDays === undefined) === (cron === undefined)) {
    throw new InputError('everyDays or cron: give one of the two.');
  }
  if (window && window.from === window.to) {
    throw new InputError(
      `window: from ${window.from} to ${window.to} is no time at all; make it longer, or leave it out for any time of day.`,
    );
  }
  const overlap = options.overlaps ? overlapHours : 0;
  if (everyDays !== undefined && overlap >= everyDays * 24) {
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
  const shortest = shortestHours(rule, options.from);
  if (overlap >= shortest) {
    throw new InputError(
      `overlapHours: the value before cannot go on working for ${overlapHours} hours where "${cron}" replaces it again after ${shortest}.`,
    );
  }
}

/** @returns hours between two of its next times, where that is shortest */
function shortestHours(rule: Schedule, from: Date): number {
  let shortest = Infinity;
  try {
    let before = nextDue(rule, from);
    const end = before.getTime() + LOOKED_AT_MS;
    for (let count = 0; count < TIMES && before.getTime() < end; count++) {
      const next = nextDue(rule, before);
      shortest = Math.min(shortest, next.getTime() - before.getTime());
      before = next;
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError(`cron: "${rule.cron}" says no time: ${why}.`);
  }
  return shortest / HOUR_MS;
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
 * When a value that was replaced at some time is due again by its schedule. Not before the value before it has ended, since a
 * third cannot work beside the two.
 *
 * @param endsAt - when that ends; left out where nothing of it works any more
 */
export function dueAfter(rule: Schedule, from: Date, endsAt?: Date): Date {
  const due = nextDue(rule, from);
  if (!endsAt || due >= endsAt) return due;
  return rule.cron === undefined
    ? nextAllowed(rule, endsAt)
    : nextDue(rule, endsAt);
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
  // Of no length, it was kept before such were refused, and is taken for the whole day.
  const inside =
    begin < end
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
