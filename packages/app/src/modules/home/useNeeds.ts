import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import { toError } from '@backstage/errors';
import { scaffolderApiRef } from '@backstage/plugin-scaffolder-react';
import { catalogPlatformApiRef } from '@highroad/plugin-catalog-platform';
import { reasonOf } from '@highroad/plugin-platform-react';
import useAsyncRetry from 'react-use/lib/useAsyncRetry';
import { catalogFindings, failedCreations, Need } from './needs';

/** What waits for the reader. One source that fails does not hide the others. */
export interface Needs {
  needs: Need[];
  /** What could not be asked, and why */
  unknown: Array<{ what: string; why: string }>;
}

export function useNeeds() {
  const identity = useApi(identityApiRef);
  const scaffolder = useApi(scaffolderApiRef);
  const catalogPlatform = useApi(catalogPlatformApiRef);

  return useAsyncRetry(async (): Promise<Needs> => {
    const { ownershipEntityRefs } = await identity.getBackstageIdentity();
    const sources: Array<[string, Promise<Need[]>]> = [
      [
        'your creations',
        scaffolder.listTasks
          ? scaffolder
              .listTasks({ filterByOwnership: 'owned', limit: 50 })
              .then(({ tasks }) => failedCreations(tasks, new Date()))
          : Promise.resolve([]),
      ],
      [
        'catalog findings',
        catalogPlatform
          .findings({ owner: ownershipEntityRefs })
          .then(catalogFindings),
      ],
    ];
    const results = await Promise.allSettled(sources.map(([, ask]) => ask));
    return {
      needs: results.flatMap(result =>
        result.status === 'fulfilled' ? result.value : [],
      ),
      unknown: results.flatMap((result, index) =>
        result.status === 'rejected'
          ? [{ what: sources[index][0], why: reasonOf(toError(result.reason)) }]
          : [],
      ),
    };
  }, [identity, scaffolder, catalogPlatform]);
}
