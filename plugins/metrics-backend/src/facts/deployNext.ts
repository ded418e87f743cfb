import { DeploymentData } from '@highroad/plugin-metrics-common';
import { Ancestry } from './Ancestry';
import { Deployed } from './Deployed';
import { Told } from './ServiceEvents';

/** Which versions an environment had so far. It is changed as deployments come one after the other. */
export interface Versions {
  /** Those that were deployed with success, with when each was first */
  seen: Map<string, string>;
  /** The last that was deployed */
  latest?: string;
}

/** What a deployment is told apart by from others: its version, or its commit where it says none. */
export function versionOf({
  version,
  commit,
}: Pick<DeploymentData, 'version' | 'commit'>): string | undefined {
  return version ?? commit;
}

/** What a deployment brought to an environment, after all before it. */
export function deployNext(
  event: Told<DeploymentData>,
  versions: Versions,
  ancestry: Ancestry,
): Deployed {
  const successful = event.outcome === 'succeeded';
  const completed = successful || (event.outcome === 'failed' && event.applied);
  const version = versionOf(event);
  const rollback =
    event.kind === 'rollback' || (successful && isEarlier(version, versions));
  if (version !== undefined && completed) versions.latest = version;
  if (version !== undefined && successful && !versions.seen.has(version)) {
    versions.seen.set(version, event.at);
  }
  const one = { event, rollback, completed, successful, cut: false };
  if (!successful) return { ...one, rangeState: 'none', commits: [] };
  if (rollback) return { ...one, rangeState: 'rollback', commits: [] };
  const range = ancestry.deploy(event.commit, event.deployment);
  return 'commits' in range
    ? {
        ...{ ...one, rangeState: range.state },
        ...{ commits: range.commits, cut: range.cut },
      }
    : { ...one, rangeState: range.state, commits: [] };
}

/** Whether a version was there before the one that is there now: one that is tried once more after it was taken back was not. */
function isEarlier(
  version: string | undefined,
  { seen, latest = '' }: Versions,
): boolean {
  const first = version === undefined ? undefined : seen.get(version);
  if (first === undefined || version === latest) return false;
  const firstOfLatest = seen.get(latest);
  return firstOfLatest === undefined || first < firstOfLatest;
}
