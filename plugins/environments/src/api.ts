import {
  ApiBlueprint,
  createApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { environmentOperations } from '@highroad/plugin-environments-common';
import {
  createOperationClient,
  OperationClient,
} from '@highroad/plugin-platform-common';

/** What can be asked about environments and done with them. */
export type EnvironmentsApi = OperationClient<typeof environmentOperations>;

export const environmentsApiRef = createApiRef<EnvironmentsApi>().with({
  id: 'plugin.environments.client',
  pluginId: 'environments',
});

export const environmentsApi = ApiBlueprint.make({
  name: 'client',
  params: defineParams =>
    defineParams({
      api: environmentsApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }): EnvironmentsApi =>
        createOperationClient(environmentOperations, fetchApi),
    }),
});
