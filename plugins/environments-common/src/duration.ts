import { z } from 'zod';

const UNITS: Record<string, number> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const PATTERN = /^([1-9]\d{0,5})([smhdw])$/;

/** The form of a time to live, for schemas of Kubernetes, whose expressions know no groups. */
export const DURATION_PATTERN = '^[1-9][0-9]{0,5}[smhdw]$';

/** How long something is to live or be extended: a whole number and a unit. */
export const durationSchema = z
  .string()
  .regex(PATTERN, 'use a whole number and s, m, h, d or w, such as 12h or 7d');

/**
 * @param text - such as `12h` or `7d`
 * @returns milliseconds; undefined for what is no duration
 */
export function parseDuration(text: string): number | undefined {
  const match = PATTERN.exec(text);
  return match ? Number(match[1]) * UNITS[match[2]] : undefined;
}

/**
 * In words, with two units at most: `6 d 23 h`, `4 min`, `30 s`.
 *
 * @param ms - how long; what is negative counts as nothing
 */
export function durationWords(ms: number): string {
  const steps: Array<[string, number]> = [
    ['d', UNITS.d],
    ['h', UNITS.h],
    ['min', UNITS.m],
    ['s', UNITS.s],
  ];
  const left = Math.max(0, ms);
  const first = steps.findIndex(([, size]) => left >= size);
  if (first < 0) return '0 s';
  const [unit, size] = steps[first];
  const whole = Math.floor(left / size);
  const next = steps[first + 1];
  const rest = next ? Math.floor((left - whole * size) / next[1]) : 0;
  return rest > 0 ? `${whole} ${unit} ${rest} ${next[0]}` : `${whole} ${unit}`;
}
