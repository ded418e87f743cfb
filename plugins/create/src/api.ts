import {
  ApiBlueprint,
  createApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { CreateClient } from '@highroad/plugin-create-common';

/** What can be asked about a service before it is created. */
export const createClientApiRef = createApiRef<
  Pick<CreateClient, 'gitHosts' | 'checkName' | 'preview'>
>().with({ id: 'plugin.create.client', pluginId: 'create' });

export const createClientApi = ApiBlueprint.make({
  name: 'client',
  params: defineParams =>
    defineParams({
      api: createClientApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new CreateClient({ fetchApi }),
    }),
});
