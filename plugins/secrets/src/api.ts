import {
  ApiBlueprint,
  createApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import {
  createOperationClient,
  OperationClient,
} from '@highroad/plugin-platform-common';
import { deploymentOperations } from '@highroad/plugin-deployments-common';
import {
  DeployedUses,
  secretOperations,
} from '@highroad/plugin-secrets-common';

/** What can be asked about secrets and done with them. */
export type SecretsApi = OperationClient<typeof secretOperations> & {
  /** Which secrets the programs of a service refer to, as those who deploy them know it */
  uses(service: string): Promise<DeployedUses[]>;
};

export const secretsApiRef = createApiRef<SecretsApi>().with({
  id: 'plugin.secrets.client',
  pluginId: 'secrets',
});

export const secretsApi = ApiBlueprint.make({
  name: 'client',
  params: defineParams =>
    defineParams({
      api: secretsApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }): SecretsApi => {
        const deployments = createOperationClient(
          deploymentOperations,
          fetchApi,
        );
        return {
          ...createOperationClient(secretOperations, fetchApi),
          async uses(service) {
            return (await deployments.secretReferences({ service })).items;
          },
        };
      },
    }),
});
