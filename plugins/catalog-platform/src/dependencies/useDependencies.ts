import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/core-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { DependencyQuery } from '@highroad/plugin-catalog-platform-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { catalogPlatformApiRef } from '../api';

/** Asks about the thing whose page this is. The last answer stays while the next is awaited. */
export function useDependencies(query: DependencyQuery) {
  const api = useApi(catalogPlatformApiRef);
  const { entity } = useEntity();
  const ref = stringifyEntityRef(entity);
  const { direction, depth } = query;
  const lifecycles = query.lifecycle.join(',');
  return useAsyncRetry(
    () =>
      api.dependents(ref, {
        direction,
        depth,
        lifecycle: lifecycles ? lifecycles.split(',') : [],
      }),
    [api, ref, direction, depth, lifecycles],
  );
}
