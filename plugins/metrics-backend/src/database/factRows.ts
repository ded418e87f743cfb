import {
  ChangeFact,
  DailyFact,
  DeploymentFact,
  IncidentFact,
  ServiceFact,
} from '../facts/Facts';
import { dayColumns } from './dayRows';

export type Row = Record<string, string | number | boolean | null>;

/** How a fact stands in a table. */
function row(values: Record<string, unknown>): Row {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ||
      typeof value === 'number' ||
      typeof value === 'boolean'
        ? value
        : null,
    ]),
  );
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
  return row({
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
  return row({
    ...rest,
    title: fact.title,
    url: fact.url,
    started_at: startedAt,
  });
}

export function incidentRow(fact: IncidentFact): Row {
  const { detectedAt, resolvedAt, restoreSeconds, ...rest } = fact;
  return row({
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
  const { service, owner, system, eligible, known, example, tickets } = fact;
  return row({
    ...{ service, owner, system, eligible, known, example },
    created_at: fact.createdAt,
    onboarded_at: fact.onboardedAt,
    first_production_at: fact.firstProductionAt,
    has_commits: fact.hasCommits,
    tickets: JSON.stringify(tickets),
  });
}
