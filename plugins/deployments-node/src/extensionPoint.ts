import { createExtensionPoint } from '@backstage/backend-plugin-api';
import { Engine } from './Engine';

/** Takes engines in, which `platform.environments[].engine` then chooses by name. */
export interface DeploymentsEngineExtensionPoint {
  /**
   * @param name - what the configuration calls it, such as `argocd`
   * @throws Error if there is one of that name already
   */
  addEngine(name: string, engine: Engine): void;
}

/** Where a module adds an engine to Deployments. `direct` is there already. */
export const deploymentsEngineExtensionPoint =
  createExtensionPoint<DeploymentsEngineExtensionPoint>({
    id: 'deployments.engine',
  });
