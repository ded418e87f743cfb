import { dayOf } from '@highroad/plugin-metrics-common';
import { Ancestry } from './Ancestry';
import { Blame, blameFor } from './blame';
import { changesIn } from './changesIn';
import { Deployed } from './Deployed';
import { deployNext, Versions } from './deployNext';
import {
  ChangeFact,
  DeploymentFact,
  FactSettings,
  IncidentFact,
  Placed,
  ReworkReason,
  ServiceFact,
} from './Facts';
import { Incident, ServiceEvents } from './ServiceEvents';
import {
  EnvironmentState,
  environmentState,
  ServiceState,
} from './ServiceState';

export interface EnvironmentFacts {
  deployments: DeploymentFact[];
  changes: ChangeFact[];
  incidents: IncidentFact[];
  /** Where later ones go on from */
  state: EnvironmentState;
}

/** What follows for one service in one environment. */
export function environmentFacts(
  service: string,
  environment: string,
  events: ServiceEvents,
  settings: FactSettings,
): EnvironmentFacts {
  const own = events.deployments.filter(one => one.environment === environment);
  const incidents = events.incidents.filter(
    one => one.environment === environment,
  );
  const ancestry = new Ancestry(events.commits);
  const versions: Versions = { seen: new Map() };
  const deployed = own.map(one => deployNext(one, versions, ancestry));
  const { blames, repairs, attributed } = blameFor(
    deployed,
    { events, incidents, ancestry },
    settings,
  );
  const placed = placeIn({ service, environment }, events, settings);
  const changes = deployed.flatMap(one => {
    if (one.rangeState !== 'known') return [];
    const place = placed(one.event.at, one.event.example);
    return changesIn(one, events, settings).map(change => ({
      ...change,
      ...place,
    }));
  });
  const counts = countBy(changes, one => one.deployment);
  return {
    state: environmentState({
      ...{ events, deployed, incidents, ancestry, versions },
      isProduction: settings.isProduction(environment),
    }),
    changes,
    deployments: deployed.map(one => ({
      ...deploymentFact(
        one,
        blames.get(one.event.deployment),
        repairs.get(one.event.deployment),
      ),
      ...placed(one.event.at, one.event.example),
      changes: counts.get(one.event.deployment) ?? 0,
    })),
    incidents: incidents.map(one => ({
      ...incidentFact(one, attributed.get(one.incident)),
      ...placed(one.at, one.example),
    })),
  };
}

/** Says where, whose and of what day something is. */
export function placeIn(
  where: { service: string; environment: string },
  events: Pick<ServiceState, 'owned'>,
  settings: FactSettings,
): (at: string, example: boolean) => Placed {
  return (at, example) => ({
    ...{ ...where, example },
    day: dayOf(at, settings.timeZone),
    ...ownerAt(events, at),
  });
}

/** Who owned the service at a time. Before the first that is known, it is taken for that one. */
export function ownerAt(
  { owned }: Pick<ServiceState, 'owned'>,
  at: string,
): { owner: string; system: string } {
  const found = owned.filter(one => one.at <= at).at(-1) ?? owned[0];
  return { owner: found?.owner ?? '', system: found?.system ?? '' };
}

/** Whose it was from when, the oldest first; none where it was always whose it is now. */
export function ownersOf({
  owned,
}: Pick<ServiceState, 'owned'>): ServiceFact['owners'] {
  const found: ServiceFact['owners'] = [];
  for (const { at, owner = '', system = '' } of owned) {
    const last = found.at(-1);
    if (last?.owner === owner && last.system === system) continue;
    found.push({ at, owner, system });
  }
  return found.length > 1 ? found : [];
}

/** What is known of a deployment by itself, with what is blamed on it and why it repairs something. */
export function deploymentFact(
  one: Deployed,
  blame: Blame | undefined,
  repair: ReworkReason | undefined,
): Omit<DeploymentFact, keyof Placed | 'changes'> {
  const { event, rollback, completed, successful } = one;
  const { deployment, outcome, version, commit, url, source } = event;
  const failed = completed && !rollback ? blame : undefined;
  return {
    ...{ deployment, outcome, version, commit, url, source, successful },
    finishedAt: event.at,
    kind: rollback ? 'rollback' : event.kind,
    platform: event.platform ?? false,
    ...{ rangeState: one.rangeState, cut: one.cut },
    delivered: successful && !rollback,
    completed: completed && !rollback,
    failure: failed?.reason,
    failureBy: failed?.by,
    recoveredAt: failed?.recoveredAt,
    recoverySeconds: failed?.recoveredAt
      ? secondsBetween(event.at, failed.recoveredAt)
      : undefined,
    rework: successful ? reworkOf(one, repair) : undefined,
  };
}

function reworkOf(
  { rollback, event }: Deployed,
  repair: ReworkReason | undefined,
): ReworkReason | undefined {
  if (rollback) return 'rollback';
  return repair ?? (event.unplanned ? 'unplanned' : undefined);
}

/** What is known of an incident by itself, with the deployment that it is attributed to. */
export function incidentFact(
  one: Incident,
  deployment: string | undefined,
): Omit<IncidentFact, keyof Placed> {
  const { incident, title, url, resolvedAt } = one;
  return {
    ...{ incident, title, url, resolvedAt, deployment },
    detectedAt: one.at,
    restoreSeconds: resolvedAt ? secondsBetween(one.at, resolvedAt) : undefined,
  };
}

export function secondsBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 1000);
}

function countBy<T>(items: T[], key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  }
  return counts;
}
