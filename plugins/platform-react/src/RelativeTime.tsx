const UNITS: Array<[Intl.RelativeTimeFormatUnit, number]> = [
  ['year', 365 * 24 * 3600],
  ['month', 30 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
];

/** Made once: there may be hundreds of times on a page. */
const FORMAT = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** A time as a person says it, with the exact one on hover. */
export function RelativeTime({ time }: { time: string }) {
  const at = new Date(time);
  return (
    <time dateTime={time} title={at.toString()}>
      {relative((at.getTime() - Date.now()) / 1000)}
    </time>
  );
}

/** @param seconds - from now; negative for the past */
export function relative(seconds: number): string {
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) {
      return FORMAT.format(Math.trunc(seconds / length), unit);
    }
  }
  return 'just now';
}
