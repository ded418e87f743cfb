import { Deployment } from '@highroad/plugin-deployments-common';
import { Place } from '../database/ReadStore';

/** What of a deployment says where it belongs in a line. */
type Placed = Pick<
  Deployment,
  'service' | 'environment' | 'state' | 'requestedAt'
>;

/** What runs in a place, and what was last tried there where that is something else. */
export interface LineOf<D> extends Place {
  running?: D;
  latest?: D;
}

export interface StatusLine extends LineOf<Deployment> {
  /** What failed, and was taken back by what runs */
  undone?: Deployment;
}

/**
 * A line a place. What failed before the last good one is history, and left out.
 *
 * @param newest - the newest deployments of each place: the last that did well, and the last that did not
 */
export function statusLines<D extends Placed>(newest: D[]): Array<LineOf<D>> {
  const lines = new Map<string, LineOf<D>>();
  for (const deployment of newest) {
    const { service, environment, state } = deployment;
    const key = `${service} ${environment}`;
    const line: LineOf<D> = lines.get(key) ?? { service, environment };
    if (state === 'succeeded') line.running ??= deployment;
    else line.latest ??= deployment;
    lines.set(key, line);
  }
  for (const line of lines.values()) {
    const { running, latest } = line;
    if (running && latest && latest.requestedAt < running.requestedAt) {
      delete line.latest;
    }
  }
  return [...lines.values()];
}

/** Adds what was taken back. */
export function withWhatWasUndone(
  lines: StatusLine[],
  undone: Deployment[],
): StatusLine[] {
  const byId = new Map(undone.map(one => [one.id, one]));
  return lines.map(line => {
    const { undoes } = line.running ?? {};
    const before = undoes ? byId.get(undoes) : undefined;
    return before?.state === 'failed' ? { ...line, undone: before } : line;
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
