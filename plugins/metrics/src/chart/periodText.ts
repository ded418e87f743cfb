import { Point } from '@highroad/plugin-metrics-common';

const DAY = new Intl.DateTimeFormat('en', {
  ...{ day: 'numeric', month: 'short', timeZone: 'UTC' },
});
const MONTH = new Intl.DateTimeFormat('en', {
  ...{ month: 'short', year: 'numeric', timeZone: 'UTC' },
});

/** A period as people write it: a day by its date, a week by its Monday, a month by its name. */
export function periodText({ from, to }: Pick<Point, 'from' | 'to'>): string {
  const isMonth = from.endsWith('-01') && to.slice(0, 7) === from.slice(0, 7);
  return isMonth && to > `${from.slice(0, 7)}-27`
    ? MONTH.format(new Date(from))
    : DAY.format(new Date(from));
}
