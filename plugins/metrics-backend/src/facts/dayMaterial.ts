import { DayMaterial } from './Facts';

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
  day.leads.sort(ascending);
  day.recoveries.sort(ascending);
  day.restores.sort(ascending);
}

function ascending(a: number, b: number): number {
  return a - b;
}
