import {
  ApiBlueprint,
  createApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import {
  createOperationClient,
  OperationClient,
} from '@highroad/plugin-platform-common';
import { secretOperations } from '@highroad/plugin-secrets-common';

/** What can be asked about secrets and done with them. */
export type SecretsApi = OperationClient<typeof secretOperations>;

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
      factory: ({ fetchApi }): SecretsApi =>
        createOperationClient(secretOperations, fetchApi),
    }),
});
