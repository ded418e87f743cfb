import {
  BoardPlace,
  isUnready,
  LONGEST_SUMMARY,
  Readiness,
  ShownDeployment,
} from '@highroad/plugin-deployments-common';
import { BoardDeployment } from '../database/rows';
import { BriefDrift } from '../drift/DriftStore';
import { LineOf } from '../service/statusLines';

/** What is known of a place. */
export type BoardLine = LineOf<BoardDeployment> & {
  pods?: Readiness;
  drift?: BriefDrift;
};

/** A row a service, with a place an environment; of each only what a table shows. */
export function boardRows(lines: BoardLine[]): {
  environments: string[];
  services: Record<string, Array<BoardPlace | null>>;
} {
  const environments = [
    ...new Set(lines.map(({ environment }) => environment)),
  ].sort();
  const columns = new Map(environments.map((name, at) => [name, at]));
  const rows = new Map<string, Array<BoardPlace | null>>();
  for (const line of lines) {
    const { service, environment } = line;
    const places = rows.get(service) ?? environments.map(() => null);
    places[columns.get(environment) ?? places.length] = placeOf(line);
    rows.set(service, places);
  }
  return { environments, services: Object.fromEntries(rows) };
}

function placeOf({ running, latest, pods, drift }: BoardLine): BoardPlace {
  return {
    ...(running && { running: runningOf(running) }),
    ...(latest && { latest: latestOf(latest) }),
    ...(pods && { pods: isUnready(pods) ? pods : pods.wanted }),
    ...(drift && drift.state !== 'same' && { drift }),
  };
}

function runningOf(deployment: BoardDeployment): ShownDeployment {
  const { id, version, kind, door, undoes, endedAt, requestedAt } = deployment;
  return {
    ...{ id, version, endedAt: endedAt ?? requestedAt },
    ...(kind === 'rollback' && { kind, door, ...(undoes && { undoes }) }),
  };
}

function latestOf(deployment: BoardDeployment): ShownDeployment {
  const { id, version, state, kind, summary } = deployment;
  const { requestedAt, endedAt } = deployment;
  return {
    ...{ id, version, state, kind, requestedAt, ...(endedAt && { endedAt }) },
    summary:
      summary.length > LONGEST_SUMMARY
        ? `${summary.slice(0, LONGEST_SUMMARY - 1)}…`
        : summary,
  };
}
