import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  identityApiRef,
  useApi,
  useApiHolder,
} from '@backstage/core-plugin-api';
import { toError } from '@backstage/errors';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { Need, NeedsSource, reasonOf } from '@highroad/plugin-platform-react';
import useAsyncRetry from 'react-use/lib/useAsyncRetry';

const MOST_SERVICES = 200;

/** What waits for the reader. One source that fails does not hide the others. */
export interface Needs {
  needs: Need[];
  /** What could not be asked, and why */
  unknown: Array<{ what: string; why: string }>;
}

/** @param sources - the same at each call */
export function useNeeds(sources: NeedsSource[]) {
  const identity = useApi(identityApiRef);
  const catalog = useApi(catalogApiRef);
  const apis = useApiHolder();

  return useAsyncRetry(async (): Promise<Needs> => {
    const { ownershipEntityRefs } = await identity.getBackstageIdentity();
    const listing = catalog.queryEntities({
      filter: { kind: 'component', 'relations.ownedBy': ownershipEntityRefs },
      fields: ['kind', 'metadata.name', 'metadata.namespace'],
      limit: MOST_SERVICES,
    });
    const [listed] = await Promise.allSettled([listing]);
    const services =
      listed.status === 'fulfilled'
        ? listed.value.items.map(entity => stringifyEntityRef(entity))
        : [];
    const asked = await Promise.allSettled(
      sources.map(async one =>
        one.ask(apis, { ownershipEntityRefs, services }),
      ),
    );
    return {
      needs: asked.flatMap(result =>
        result.status === 'fulfilled' ? result.value : [],
      ),
      unknown: [
        ...unknownOf('your services', listed),
        ...asked.flatMap((result, at) => unknownOf(sources[at].what, result)),
      ],
    };
  }, [identity, catalog, apis, sources]);
}

function unknownOf(
  what: string,
  result: PromiseSettledResult<unknown>,
): Needs['unknown'] {
  return result.status === 'rejected'
    ? [{ what, why: reasonOf(toError(result.reason)) }]
    : [];
}
