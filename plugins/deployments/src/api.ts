import {
  ApiBlueprint,
  createApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { deploymentOperations } from '@highroad/plugin-deployments-common';
import { environmentOperations } from '@highroad/plugin-environments-common';
import {
  createOperationClient,
  OperationClient,
} from '@highroad/plugin-platform-common';

type Environments = OperationClient<typeof environmentOperations>;

/** What can be asked about deployments and done with them. */
export type DeploymentsApi = Omit<
  OperationClient<typeof deploymentOperations>,
  'events'
> & {
  /** The environments on demand, as those who look after them know them */
  previews: Environments['list'];
};

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
      factory: ({ fetchApi }): DeploymentsApi => ({
        ...createOperationClient(deploymentOperations, fetchApi),
        previews: createOperationClient(environmentOperations, fetchApi).list,
      }),
    }),
});
