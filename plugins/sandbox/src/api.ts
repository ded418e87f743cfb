import {
  ApiBlueprint,
  createApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { SandboxApiClient } from '@highroad/plugin-sandbox-common';

export const sandboxApiRef = createApiRef<
  Pick<SandboxApiClient, 'status' | 'log' | 'builds' | 'build' | 'buildLog'>
>().with({
  id: 'plugin.sandbox.client',
  pluginId: 'sandbox',
});

export const sandboxApi = ApiBlueprint.make({
  name: 'client',
  params: defineParams =>
    defineParams({
      api: sandboxApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new SandboxApiClient({ fetchApi }),
    }),
});
