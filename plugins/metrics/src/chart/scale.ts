import { Unit, valueText } from '@highroad/plugin-metrics-common';

const HOUR = 3_600;
const NICE_SECONDS = [
  ...[60, 300, 900, 1_800, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR],
  ...[24, 48, 72, 7 * 24, 14 * 24, 30 * 24, 60 * 24, 90 * 24, 180 * 24].map(
    hours => hours * HOUR,
  ),
];
const LINES = 4;
/** How far a chart goes of which all values are zero. */
const OF_NOTHING: Record<Unit, number> = {
  ...{ deployments: LINES, count: LINES },
  ...{ seconds: HOUR, share: 0.2 },
};

/** Heights at which a chart has lines: from zero, at round values, with the last above everything. */
export function ticksOf(highest: number, unit: Unit): number[] {
  const reach = highest > 0 ? highest : OF_NOTHING[unit];
  const step = stepOf(reach / LINES, unit);
  const count = Math.max(1, Math.ceil(reach / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, at) => at * step);
}

function stepOf(least: number, unit: Unit): number {
  if (unit === 'seconds') {
    const nice = NICE_SECONDS.find(one => one >= least);
    if (nice) return nice;
  }
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find(one => one * power >= least * 0.999) ?? 10;
  const step = factor * power;
  const isCount = unit === 'deployments' || unit === 'count';
  return isCount ? Math.max(1, step) : step;
}

/** A value at an axis. */
export function tickText(value: number, unit: Unit): string {
  return value === 0 ? '0' : valueText(value, unit);
}
