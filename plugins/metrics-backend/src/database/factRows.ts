import {
  ChangeFact,
  DailyFact,
  DeploymentFact,
  IncidentFact,
  ServiceFact,
} from '../facts/Facts';
import { z } from 'zod';
import { failureReasons, rangeStates, reworkReasons } from '../facts/Facts';
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
  const { service, owner, system, eligible, known, example } = fact;
  return row({
    ...{ service, owner, system, eligible, known, example },
    created_at: fact.createdAt,
    onboarded_at: fact.onboardedAt,
    first_production_at: fact.firstProductionAt,
    has_commits: fact.hasCommits,
    tickets: JSON.stringify(fact.tickets),
    deviations: JSON.stringify(fact.deviations),
  });
}

const optional = z
  .string()
  .nullable()
  .transform(text => text ?? undefined);
const seconds = z.coerce.number();
const optionalSeconds = z
  .union([z.null(), seconds])
  .transform(value => value ?? undefined);
const flag = z.coerce.boolean();
const placed = {
  ...{ service: z.string(), environment: z.string(), day: z.string() },
  ...{ owner: z.string(), system: z.string(), example: flag },
};

/** A deployment as it stands in its table. */
export const deploymentSchema = z
  .object({
    ...placed,
    deployment: z.string(),
    finished_at: z.string(),
    outcome: z.string(),
    kind: z.string(),
    ...{ version: optional, commit: optional, url: optional },
    source: z.string(),
    platform: flag,
    range_state: z.enum(rangeStates),
    changes: z.number(),
    ...{ delivered: flag, completed: flag, successful: flag },
    failure: z
      .enum(failureReasons)
      .nullable()
      .transform(one => one ?? undefined),
    ...{ failure_by: optional, recovered_at: optional },
    recovery_seconds: optionalSeconds,
    rework: z
      .enum(reworkReasons)
      .nullable()
      .transform(one => one ?? undefined),
  })
  .transform(
    ({
      finished_at: finishedAt,
      range_state: rangeState,
      failure_by: failureBy,
      recovered_at: recoveredAt,
      recovery_seconds: recoverySeconds,
      ...rest
    }): DeploymentFact => ({
      ...{ ...rest, finishedAt, rangeState },
      ...{ failureBy, recoveredAt, recoverySeconds },
    }),
  );

/** What a day needs of a change. */
export const changeSchema = z.object({ ...placed, seconds, excluded: flag });

/** An incident as it stands in its table. */
export const incidentSchema = z
  .object({
    ...placed,
    incident: z.string(),
    detected_at: z.string(),
    resolved_at: optional,
    restore_seconds: optionalSeconds,
    ...{ deployment: optional, title: optional, url: optional },
  })
  .transform(
    ({
      detected_at: detectedAt,
      resolved_at: resolvedAt,
      restore_seconds: restoreSeconds,
      ...rest
    }): IncidentFact => ({ ...rest, detectedAt, resolvedAt, restoreSeconds }),
  );
