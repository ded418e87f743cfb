const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS: Array<[string, number]> = [
  ['d', DAY],
  ['h', HOUR],
  ['min', MINUTE],
  ['s', SECOND],
];

/** `34 s`, `2 min 5 s`, `3 d`: two units at most. */
export function durationText(milliseconds: number): string {
  if (milliseconds < SECOND) return 'under 1 s';
  const first = UNITS.findIndex(([, length]) => milliseconds >= length);
  let rest = milliseconds;
  const parts: string[] = [];
  for (const [name, length] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / length);
    if (count > 0) parts.push(`${count} ${name}`);
    rest -= count * length;
  }
  return parts.join(' ');
}
