import {
  ApiBlueprint,
  createApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { deploymentOperations } from '@highroad/plugin-deployments-common';
import { environmentOperations } from '@highroad/plugin-environments-common';
import {
  CallOptions,
  createOperationClient,
  OperationClient,
} from '@highroad/plugin-platform-common';

/** What can be asked about environments and done with them. */
export type EnvironmentsApi = OperationClient<typeof environmentOperations> & {
  /** What runs in the environments that stay, as those who deploy know it */
  runs(options?: CallOptions): Promise<RunningService[]>;
};

/** One service in one environment that stays. */
export type RunningService = Awaited<
  ReturnType<OperationClient<typeof deploymentOperations>['status']>
>['items'][number];

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
      factory: ({ fetchApi }): EnvironmentsApi => {
        const deployments = createOperationClient(
          deploymentOperations,
          fetchApi,
        );
        return {
          ...createOperationClient(environmentOperations, fetchApi),
          async runs(options) {
            return (await deployments.status({ brief: true }, options)).items;
          },
        };
      },
    }),
});
