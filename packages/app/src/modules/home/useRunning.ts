import { useApiHolder } from '@backstage/core-plugin-api';
import { deploymentsApiRef } from '@highroad/plugin-deployments';
import useAsync from 'react-use/lib/useAsync';

/** One version of a service where it runs. */
export interface Running {
  environment: string;
  version: string;
  /** Of the deployment that brought it */
  id: string;
}

/**
 * What runs where of some services, by their references.
 *
 * @param services - the same at each call, until others are meant
 */
export function useRunning(services: string[] | undefined) {
  const deployments = useApiHolder().get(deploymentsApiRef);
  return useAsync(async () => {
    // Nothing was asked yet, which is not the same as running nowhere.
    if (!services) return undefined;
    const found = new Map<string, Running[]>();
    if (!deployments || services.length === 0) return found;
    const { items } = await deployments.status({ service: services });
    for (const { service, environment, running } of items) {
      if (!running) continue;
      const { id, version } = running;
      const there = found.get(service) ?? [];
      found.set(service, [...there, { environment, version, id }]);
    }
    return found;
  }, [deployments, services]);
}
