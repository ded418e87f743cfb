import { fetchApiRef } from '@backstage/core-plugin-api';
import { ApiBlueprint, createApiRef } from '@backstage/frontend-plugin-api';
import {
  CatalogPlatformApi,
  CatalogPlatformClient,
} from '@highroad/plugin-catalog-platform-common';

/** What depends on what, and what is wrong in the catalog. */
export const catalogPlatformApiRef = createApiRef<CatalogPlatformApi>().with({
  id: 'plugin.catalog-platform.client',
  pluginId: 'catalog-platform',
});

export const catalogPlatformApi = ApiBlueprint.make({
  name: 'client',
  params: defineParams =>
    defineParams({
      api: catalogPlatformApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new CatalogPlatformClient({ fetchApi }),
    }),
});
