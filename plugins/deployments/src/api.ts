import {
  ApiBlueprint,
  createApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { deploymentOperations } from '@highroad/plugin-deployments-common';
import {
  createOperationClient,
  OperationClient,
} from '@highroad/plugin-platform-common';

/** What can be asked about deployments and done with them. */
export type DeploymentsApi = Omit<
  OperationClient<typeof deploymentOperations>,
  'events'
>;

export const deploymentsApiRef = createApiRef<DeploymentsApi>().with({
  id: 'plugin.deployments.client',
  pluginId: 'deployments',
});

export const deploymentsApi = ApiBlueprint.make({
  name: 'client',
  params: defineParams =>
    defineParams({
      api: deploymentsApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }): DeploymentsApi =>
        createOperationClient(deploymentOperations, fetchApi),
    }),
});
