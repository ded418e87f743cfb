import { InputError } from '@backstage/errors';

const DAY_MS = 24 * 3_600_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME =
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * When a deviation expires: a day counts to its end in UTC.
 *
 * @returns ISO 8601 in UTC
 * @throws InputError if it is no time, is over, or is further away than is allowed
 */
export function readUntil(
  until: string,
  options: { now: Date; maxDays: number },
): string {
  const { now, maxDays } = options;
  const isDay = DATE.test(until);
  const at =
    isDay || TIME.test(until)
      ? Date.parse(isDay ? `${until}T23:59:59.999Z` : until)
      : NaN;
  // A day that is not in the calendar, such as 2027-02-31, would be moved to another by some readers of dates.
  const real =
    !Number.isNaN(at) &&
    (!isDay || new Date(at).toISOString().startsWith(until));
  if (!real) {
    throw new InputError(
      `until: "${until}" is no day or time; write one such as ${dayAfter(
        now,
        Math.min(30, maxDays),
      )}.`,
    );
  }
  if (at <= now.getTime()) {
    throw new InputError(
      `until: ${until} is over; a deviation is for what comes.`,
    );
  }
  const last = dayAfter(now, maxDays);
  if (at > Date.parse(`${last}T23:59:59.999Z`)) {
    throw new InputError(
      `until: a deviation lasts ${maxDays} days at most, so ${last} is the last day. It can be added again then, if the reason still holds.`,
    );
  }
  return new Date(at).toISOString();
}

/** Such as `2027-01-31`. */
export function dayAfter(now: Date, days: number): string {
  return new Date(now.getTime() + days * DAY_MS).toISOString().slice(0, 10);
}
