import { Deployment } from '@highroad/plugin-deployments-common';
import { Place } from '../database/ReadStore';

/** What runs in a place, and what was last tried there where that is something else. */
export interface StatusLine extends Place {
  running?: Deployment;
  latest?: Deployment;
  /** What failed, and was taken back by what runs */
  undone?: Deployment;
}

/**
 * A line a place.
 *
 * @param newest - the newest deployments of each place: the last that did well, and the last that did not
 */
export function statusLines(newest: Deployment[]): StatusLine[] {
  const lines = new Map<string, StatusLine>();
  for (const deployment of newest) {
    const { service, environment, state } = deployment;
    const key = `${service} ${environment}`;
    const line = lines.get(key) ?? { service, environment };
    if (state === 'succeeded') line.running ??= deployment;
    else line.latest ??= deployment;
    lines.set(key, line);
  }
  return [...lines.values()];
}

/** Adds what was taken back, and leaves out what failed before the last good one, which is history. */
export function withWhatWasUndone(
  lines: StatusLine[],
  undone: Deployment[],
): StatusLine[] {
  const byId = new Map(undone.map(one => [one.id, one]));
  return lines.map(line => {
    const { running, latest } = line;
    const isOld = running && latest && latest.requestedAt < running.requestedAt;
    const before = running?.undoes ? byId.get(running.undoes) : undefined;
    return {
      ...line,
      ...(isOld && { latest: undefined }),
      ...(before?.state === 'failed' && { undone: before }),
    };
  });
}

/** Without what a table of thousands does not show: it is two fifths of all of it. */
export function inBrief(line: StatusLine): StatusLine {
  const { running, latest, undone } = line;
  return {
    ...line,
    ...(running && { running: briefly(running) }),
    ...(latest && { latest: briefly(latest) }),
    ...(undone && { undone: briefly(undone) }),
  };
}

function briefly(deployment: Deployment): Deployment {
  return {
    ...deployment,
    ...{ digest: undefined, commit: undefined, progress: undefined },
    ...{ manifestsDigest: undefined, manifestsOf: undefined },
    ...{ reason: undefined, approvedBy: undefined, strategy: undefined },
  };
}
