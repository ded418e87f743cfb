import {
  ChangeFact,
  DailyFact,
  DeploymentFact,
  IncidentFact,
  Placed,
  ServiceFact,
} from '../facts/Facts';
import { DayParts } from '../facts/dailyFacts';
import { failureReasons, rangeStates, reworkReasons } from '../facts/Facts';
import { RULES } from '../facts/rules';
import { column, Columns } from './columns';
import { dayColumns } from './dayRows';

export type Row = Record<string, string | number | boolean | null>;

/** How a fact stands in a table. */
function rowOf(values: Record<string, unknown>): Row {
  const found: Row = {};
  for (const name of Object.keys(values)) {
    const value = values[name];
    found[name] =
      typeof value === 'string' ||
      typeof value === 'number' ||
      typeof value === 'boolean'
        ? value
        : null;
  }
  return found;
}

export function deploymentRow(fact: DeploymentFact): Row {
  const {
    finishedAt,
    rangeState,
    failureBy,
    recoveredAt,
    recoverySeconds,
    ...rest
  } = fact;
  return rowOf({
    ...rest,
    version: fact.version,
    commit: fact.commit,
    url: fact.url,
    failure: fact.failure,
    rework: fact.rework,
    finished_at: finishedAt,
    range_state: rangeState,
    failure_by: failureBy,
    recovered_at: recoveredAt,
    recovery_seconds: recoverySeconds,
  });
}

export function changeRow(fact: ChangeFact): Row {
  const { startedAt, ...rest } = fact;
  return rowOf({
    ...rest,
    title: fact.title,
    url: fact.url,
    started_at: startedAt,
  });
}

export function incidentRow(fact: IncidentFact): Row {
  const { detectedAt, resolvedAt, restoreSeconds, ...rest } = fact;
  return rowOf({
    ...rest,
    title: fact.title,
    url: fact.url,
    deployment: fact.deployment,
    detected_at: detectedAt,
    resolved_at: resolvedAt,
    restore_seconds: restoreSeconds,
  });
}

export function dailyRow(fact: DailyFact): Row {
  const { service, environment, day, owner, system, example } = fact;
  return {
    ...{ service, environment, day, owner, system, example },
    ...dayColumns(fact),
  };
}

export function serviceRow(fact: ServiceFact): Row {
  const { service, owner, system, eligible, known, example } = fact;
  return rowOf({
    ...{ service, owner, system, eligible, known, example },
    created_at: fact.createdAt,
    onboarded_at: fact.onboardedAt,
    first_production_at: fact.firstProductionAt,
    has_commits: fact.hasCommits,
    owners: JSON.stringify(fact.owners),
    active: fact.active,
    tickets: JSON.stringify(fact.tickets),
    deviations: JSON.stringify(fact.deviations),
    rules: RULES,
  });
}

function placedOf(row: Columns): Placed {
  return {
    service: column.text(row.service),
    environment: column.text(row.environment),
    day: column.text(row.day),
    owner: column.text(row.owner),
    system: column.text(row.system),
    example: column.flag(row.example),
  };
}

/** A deployment as it stands in its table. */
export function deploymentOf(row: Columns): DeploymentFact {
  return {
    ...placedOf(row),
    deployment: column.text(row.deployment),
    finishedAt: column.text(row.finished_at),
    outcome: column.text(row.outcome),
    kind: column.text(row.kind),
    version: column.textOrNone(row.version),
    commit: column.textOrNone(row.commit),
    url: column.addressOrNone(row.url),
    source: column.text(row.source),
    platform: column.flag(row.platform),
    rangeState: column.oneOf(rangeStates, row.range_state),
    cut: column.flag(row.cut),
    changes: column.number(row.changes),
    delivered: column.flag(row.delivered),
    completed: column.flag(row.completed),
    successful: column.flag(row.successful),
    failure: column.oneOfOrNone(failureReasons, row.failure),
    failureBy: column.textOrNone(row.failure_by),
    recoveredAt: column.textOrNone(row.recovered_at),
    recoverySeconds: column.numberOrNone(row.recovery_seconds),
    rework: column.oneOfOrNone(reworkReasons, row.rework),
  };
}

/** Where and whose something is. */
export const PLACED = [
  ...['service', 'environment', 'day', 'owner', 'system', 'example'],
];
/** What days are made of. */
export const DAY_COLUMNS = {
  deployment_facts: [
    ...[...PLACED, 'deployment', 'changes', 'finished_at'],
    ...['delivered', 'completed', 'successful', 'platform'],
    ...['failure', 'rework', 'recovery_seconds'],
  ],
  incident_facts: [...PLACED, 'restore_seconds'],
};

/** What a day needs of a deployment. */
export function dayDeploymentOf(row: Columns): DayParts['deployments'][number] {
  return {
    ...placedOf(row),
    finishedAt: column.text(row.finished_at),
    delivered: column.flag(row.delivered),
    completed: column.flag(row.completed),
    successful: column.flag(row.successful),
    platform: column.flag(row.platform),
    failure: column.oneOfOrNone(failureReasons, row.failure),
    rework: column.oneOfOrNone(reworkReasons, row.rework),
    recoverySeconds: column.numberOrNone(row.recovery_seconds),
  };
}

/**
 * What a day needs of changes.
 *
 * @param row - how many there are (`n`), and the seconds of those that count
 */
export function dayChangesOf(row: Columns): DayParts['changes'] {
  const place = placedOf(row);
  const seconds = (column.textOrNone(row.seconds) ?? '')
    .split(',')
    .filter(Boolean)
    .map(Number);
  return Array.from({ length: column.number(row.n) }, (_, at) => ({
    ...place,
    seconds: seconds[at] ?? -1,
    excluded: at >= seconds.length,
  }));
}

/** What a day needs of an incident. */
export function dayIncidentOf(row: Columns): DayParts['incidents'][number] {
  return {
    ...placedOf(row),
    restoreSeconds: column.numberOrNone(row.restore_seconds),
  };
}

/** An incident as it stands in its table. */
export function incidentOf(row: Columns): IncidentFact {
  return {
    ...placedOf(row),
    incident: column.text(row.incident),
    detectedAt: column.text(row.detected_at),
    resolvedAt: column.textOrNone(row.resolved_at),
    restoreSeconds: column.numberOrNone(row.restore_seconds),
    deployment: column.textOrNone(row.deployment),
    title: column.textOrNone(row.title),
    url: column.addressOrNone(row.url),
  };
}
