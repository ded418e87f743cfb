import { InvalidArgumentError } from 'commander';

const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
const MOST_DIGITS = 9;
const LENGTH = new RegExp(`^(\\d{1,${MOST_DIGITS}})([smhd])$`);

/** Reads a length of time, such as 30m, 6h or 7d. @returns seconds */
export function lengthOfTime(text: string): number {
  const [, count, unit] = LENGTH.exec(text) ?? [];
  if (count === undefined || !isUnit(unit)) {
    throw new InvalidArgumentError(
      'Write a length of time, such as 30m, 6h or 7d.',
    );
  }
  return Number(count) * UNITS[unit];
}

function isUnit(text: string): text is keyof typeof UNITS {
  return Object.hasOwn(UNITS, text);
}
