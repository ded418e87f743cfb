import { DeploymentData } from '@highroad/plugin-metrics-common';
import { FactSettings } from './Facts';
import type { LedgerEvent, Told } from './ServiceEvents';

/** Which environments are production. */
export type ProductionSettings = Pick<
  FactSettings,
  'isProduction' | 'mainProduction'
>;

export const DETECTED = 'dev.cdevents.incident.detected.0.2.0';
export const RESOLVED = 'dev.cdevents.incident.resolved.0.2.0';
/** That an incident began or ended. */
export type IncidentEvent = Extract<
  LedgerEvent,
  { type: typeof DETECTED | typeof RESOLVED }
>;

/**
 * Puts incidents of which nothing says in which environment of the production they are into the one of them that the service was last
 * deployed to when they began; with none before, into the main one. What is told late of deployments counts as if it had come in time.
 *
 * @param deployments - in the order of their finish
 * @returns also when the last of these incidents began
 */
export function placeIncidents(
  events: IncidentEvent[],
  deployments: Told<DeploymentData>[],
  settings: ProductionSettings,
): { placed: IncidentEvent[]; unplacedUntil?: string } {
  const unplaced = events.filter(one => one.data.ofProduction);
  if (unplaced.length === 0) return { placed: events };
  const began = new Map<string, string>();
  for (const { type, time, data } of unplaced) {
    const known = began.get(data.incident);
    // One of which only the end was told shows nowhere.
    if (type === DETECTED && (known === undefined || time < known)) {
      began.set(data.incident, time);
    }
  }
  const there = deployments.filter(
    one => settings.isProduction(one.environment) && isThere(one),
  );
  const placed = events.map((event): IncidentEvent => {
    const { ofProduction, ...data } = event.data;
    if (!ofProduction) return event;
    const at = began.get(data.incident);
    const last = at === undefined ? undefined : lastUntil(there, at);
    const environment = last?.environment ?? settings.mainProduction;
    return { ...event, data: { ...data, environment } };
  });
  return { placed, unplacedUntil: [...began.values()].sort().at(-1) };
}

/** The last of those, in their order, that had finished. */
function lastUntil<T extends { at: string }>(
  deployments: T[],
  at: string,
): T | undefined {
  let [low, high] = [0, deployments.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (deployments[middle].at <= at) low = middle + 1;
    else high = middle;
  }
  return deployments[low - 1];
}

/** Whether something new may be there since. */
function isThere({ outcome, kind, applied }: DeploymentData): boolean {
  return (
    kind !== 'rollback' &&
    (outcome === 'succeeded' || (outcome === 'failed' && applied))
  );
}
