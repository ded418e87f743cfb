import { dayOf, DeploymentData } from '@highroad/plugin-metrics-common';
import { Ancestry } from './Ancestry';
import { Blame, blameFor, Repairs } from './blame';
import { changesIn } from './changesIn';
import { Deployed } from './Deployed';
import {
  ChangeFact,
  DeploymentFact,
  FactSettings,
  IncidentFact,
  Placed,
  ReworkReason,
} from './Facts';
import { Incident, ServiceEvents, Told } from './ServiceEvents';

export interface EnvironmentFacts {
  deployments: DeploymentFact[];
  changes: ChangeFact[];
  incidents: IncidentFact[];
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
  const deployed = deploy(own, ancestry);
  const { blames, repairs, attributed } = blameFor(
    deployed,
    { events, incidents, ancestry },
    settings,
  );
  const placed = (at: string, example: boolean): Placed => ({
    ...{ service, environment, example },
    day: dayOf(at, settings.timeZone),
    ...ownerAt(events, at),
  });
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
    changes,
    deployments: deployed.map(one => ({
      ...deploymentFact(one, blames.get(one.event.deployment), repairs),
      ...placed(one.event.at, one.event.example),
      changes: counts.get(one.event.deployment) ?? 0,
    })),
    incidents: incidents.map(one => ({
      ...incidentFact(one, attributed.get(one.incident)),
      ...placed(one.at, one.example),
    })),
  };
}

/** Who owned the service at a time. Before the first that is known, it is taken for that one. */
export function ownerAt(
  { owned }: ServiceEvents,
  at: string,
): { owner: string; system: string } {
  const found = owned.filter(one => one.at <= at).at(-1) ?? owned[0];
  return { owner: found?.owner ?? '', system: found?.system ?? '' };
}

function deploy(own: Told<DeploymentData>[], ancestry: Ancestry): Deployed[] {
  const seen = new Set<string>();
  let latest: string | undefined;
  return own.map(event => {
    const successful = event.outcome === 'succeeded';
    const completed =
      successful || (event.outcome === 'failed' && event.applied);
    const { version } = event;
    const cameBack =
      version !== undefined && version !== latest && seen.has(version);
    const rollback = event.kind === 'rollback' || (successful && cameBack);
    if (successful && version !== undefined) {
      seen.add(version);
      latest = version;
    } else if (completed && version !== undefined) {
      latest = version;
    }
    if (!successful) {
      return {
        event,
        rollback,
        completed,
        successful,
        rangeState: 'none',
        commits: [],
      };
    }
    if (rollback) {
      return {
        event,
        rollback,
        completed,
        successful,
        rangeState: 'rollback',
        commits: [],
      };
    }
    const range = ancestry.deploy(event.commit, event.deployment);
    return {
      ...{ event, rollback, completed, successful },
      rangeState: range.state,
      commits: 'commits' in range ? range.commits : [],
    };
  });
}

function deploymentFact(
  one: Deployed,
  blame: Blame | undefined,
  repairs: Repairs,
): Omit<DeploymentFact, keyof Placed | 'changes'> {
  const { event, rollback, completed, successful } = one;
  const { deployment, outcome, version, commit, url, source } = event;
  const failed = completed && !rollback ? blame : undefined;
  return {
    ...{ deployment, outcome, version, commit, url, source, successful },
    finishedAt: event.at,
    kind: rollback ? 'rollback' : event.kind,
    platform: event.platform ?? false,
    rangeState: one.rangeState,
    delivered: successful && !rollback,
    completed: completed && !rollback,
    failure: failed?.reason,
    failureBy: failed?.by,
    recoveredAt: failed?.recoveredAt,
    recoverySeconds: failed?.recoveredAt
      ? secondsBetween(event.at, failed.recoveredAt)
      : undefined,
    rework: successful ? reworkOf(one, repairs) : undefined,
  };
}

function reworkOf(one: Deployed, repairs: Repairs): ReworkReason | undefined {
  if (one.rollback) return 'rollback';
  return (
    repairs.get(one.event.deployment) ??
    (one.event.unplanned ? 'unplanned' : undefined)
  );
}

function incidentFact(
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
