import {
  ApiBlueprint,
  createApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { LocalRepositoriesClient } from '@highroad/plugin-local-repositories-common';

export const localRepositoriesApiRef = createApiRef<
  Pick<LocalRepositoriesClient, 'list' | 'get' | 'tree' | 'file' | 'commits'>
>().with({
  id: 'plugin.local-repositories.client',
  pluginId: 'local-repositories',
});

export const localRepositoriesApi = ApiBlueprint.make({
  name: 'client',
  params: defineParams =>
    defineParams({
      api: localRepositoriesApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new LocalRepositoriesClient({ fetchApi }),
    }),
});
