import {
  ApiBlueprint,
  createApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import {
  deploymentOperations,
  followPreview,
  Preview,
} from '@highroad/plugin-deployments-common';
import { environmentOperations } from '@highroad/plugin-environments-common';
import {
  CallOptions,
  createOperationClient,
  OperationClient,
} from '@highroad/plugin-platform-common';

type Environments = OperationClient<typeof environmentOperations>;

/** What can be asked about deployments and done with them. */
export type DeploymentsApi = Omit<
  OperationClient<typeof deploymentOperations>,
  'events' | 'preview' | 'previewSteps'
> & {
  /** What deploying a version, or promoting what runs elsewhere, would come to; tells each check when it begins and when it has passed */
  preview: (
    asked: Parameters<typeof followPreview>[1],
    onCheck: (check: Preview['checks'][number]) => void,
    options?: CallOptions,
  ) => Promise<Preview>;
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
        preview: (asked, onCheck, options) =>
          followPreview(fetchApi, asked, onCheck, options),
        previews: createOperationClient(environmentOperations, fetchApi).list,
      }),
    }),
});
