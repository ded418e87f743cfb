import { DeploymentData } from '@highroad/plugin-metrics-common';
import { Ancestry } from './Ancestry';
import { Deployed } from './Deployed';
import { Told } from './ServiceEvents';

/** Which versions an environment had so far. It is changed as deployments come one after the other. */
export interface Versions {
  /** Those that were deployed with success */
  seen: Set<string>;
  /** The last that was deployed */
  latest?: string;
}

/** What a deployment brought to an environment, after all before it. */
export function deployNext(
  event: Told<DeploymentData>,
  versions: Versions,
  ancestry: Ancestry,
): Deployed {
  const successful = event.outcome === 'succeeded';
  const completed = successful || (event.outcome === 'failed' && event.applied);
  const { version } = event;
  const cameBack =
    version !== undefined &&
    version !== versions.latest &&
    versions.seen.has(version);
  const rollback = event.kind === 'rollback' || (successful && cameBack);
  if (version !== undefined && completed) versions.latest = version;
  if (version !== undefined && successful) versions.seen.add(version);
  const one = { event, rollback, completed, successful };
  if (!successful) return { ...one, rangeState: 'none', commits: [] };
  if (rollback) return { ...one, rangeState: 'rollback', commits: [] };
  const range = ancestry.deploy(event.commit, event.deployment);
  return {
    ...one,
    rangeState: range.state,
    commits: 'commits' in range ? range.commits : [],
  };
}
