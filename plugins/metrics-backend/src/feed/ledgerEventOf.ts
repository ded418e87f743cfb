import {
  DeploymentEvent,
  DeviationEvent,
  FeedEvent,
} from '@highroad/plugin-deployments-common';

const FINISHED = 'com.myorg.platform.deployment.finished.1';
const SUCCEEDED: DeploymentEvent['type'][] = [
  'dev.cdevents.service.deployed.0.2.0',
  'dev.cdevents.service.upgraded.0.2.0',
  'dev.cdevents.service.rolledback.0.2.0',
];

/**
 * What the ledger keeps of an event of the deployments feed: how a deployment ended, or that a guardrail was lifted, and not who asked for it. A success is taken
 * from the event of what it deployed, which one that found everything there already does not have.
 *
 * @returns nothing for what says no end
 */
export function ledgerEventOf(event: FeedEvent): object | undefined {
  if (!isDeployment(event)) return deviationOf(event);
  const { data, id, source, time, subject } = event;
  const success = SUCCEEDED.includes(event.type);
  if (!success && (event.type !== FINISHED || data.state === 'succeeded')) {
    return undefined;
  }
  const { service, environment, version, commit, kind, undoes } = data;
  const { fixes, unplanned } = data;
  return {
    ...{ specversion: '1.0', id, source, subject, type: FINISHED },
    time: data.endedAt ?? time,
    data: {
      ...{ service, environment, version, commit, kind, undoes },
      ...(fixes && { fixes: [fixes] }),
      ...(unplanned && { unplanned }),
      deployment: subject,
      outcome: success ? 'succeeded' : data.state,
      // Its manifests are known once all checks hold; before that nothing is applied.
      applied: success || data.manifestsDigest !== undefined,
      platform: true,
    },
  };
}

function deviationOf(event: DeviationEvent): object {
  const { data, id, source, time, subject, type } = event;
  const { service, environment, guardrail, expiresAt } = data;
  return {
    ...{ specversion: '1.0', id, source, subject, type, time },
    data: { service, environment, guardrail, expiresAt, deviation: subject },
  };
}

function isDeployment(
  event: DeploymentEvent | DeviationEvent,
): event is DeploymentEvent {
  return 'kind' in event.data;
}
