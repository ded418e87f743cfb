import { DayMaterial } from './Facts';

const MANY = 100;

/** A day on which nothing happened. */
export function emptyDay(): DayMaterial {
  return {
    ...{ delivered: 0, completed: 0, failed: 0, successful: 0 },
    ...{ rework: 0, platform: 0, excluded: 0, open: 0 },
    ...{ leads: [], recoveries: [], restores: [] },
  };
}

/** Adds what happened on another day, or elsewhere on that day. Samples are in no order then, see `settleDay`. */
export function addDay(sum: DayMaterial, other: DayMaterial): void {
  sum.delivered += other.delivered;
  sum.completed += other.completed;
  sum.failed += other.failed;
  sum.successful += other.successful;
  sum.rework += other.rework;
  sum.platform += other.platform;
  sum.excluded += other.excluded;
  sum.open += other.open;
  noteOpen(sum, other.openSince);
  for (const one of other.leads) sum.leads.push(one);
  for (const one of other.recoveries) sum.recoveries.push(one);
  for (const one of other.restores) sum.restores.push(one);
}

/** Keeps the oldest time of what is open. */
export function noteOpen(sum: DayMaterial, since: string | undefined): void {
  if (since && (!sum.openSince || since < sum.openSince)) sum.openSince = since;
}

/** Brings samples into their order, in which all databases and all orders of arrival have the same. */
export function settleDay(day: DayMaterial): void {
  settle(day.leads);
  settle(day.recoveries);
  settle(day.restores);
}

/** Where there are many, numbers that are known to be numbers are sorted several times as fast. */
function settle(samples: number[]): void {
  if (samples.length < MANY) {
    samples.sort((a, b) => a - b);
    return;
  }
  Float64Array.from(samples)
    .sort()
    .forEach((sample, at) => {
      samples[at] = sample;
    });
}
