import { EnvironmentServiceStatus } from '@highroad/plugin-environments-common';
import { ClusterClient } from '@highroad/plugin-platform-node/kubernetes';
import { EnvironmentResource } from '../service/EnvironmentResources';
import { serviceOf } from '../service/serviceOf';
import { observeServices } from './observeService';
import { OwnedObjects } from './OwnedObjects';

/**
 * How what runs of an environment is doing now, where nothing is done about it. Of each service that was told of before,
 * what it is and where it answers is told as before.
 */
export async function observeRunning(
  { uid, status }: Pick<EnvironmentResource, 'uid' | 'status'>,
  deps: {
    client: Pick<ClusterClient, 'list'>;
    owned: Pick<OwnedObjects, 'of'>;
    now: () => Date;
  },
): Promise<EnvironmentServiceStatus[]> {
  const deployments = deps.owned.of('Deployment', uid);
  const known = { now: deps.now(), wasReady: status.readyAt !== undefined };
  return Promise.all(
    status.services.map(async before => {
      const { message, ...about } = before;
      const running = deployments.filter(
        one => serviceOf(one.metadata.labels) === before.name,
      );
      return running.length > 0
        ? {
            ...about,
            ...(await observeServices(deps.client, running, known)),
          }
        : {
            ...{ ...about, state: 'waiting' as const, ready: 0 },
            message: 'Nothing of it runs.',
          };
    }),
  );
}
