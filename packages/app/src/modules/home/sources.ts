import { scaffolderApiRef } from '@backstage/plugin-scaffolder-react';
import { catalogPlatformApiRef } from '@highroad/plugin-catalog-platform';
import { NeedsSource } from '@highroad/plugin-platform-react';
import { catalogFindings, failedCreations } from './needs';

/** What is asked beside what the domains add themselves. */
export const ownSources: NeedsSource[] = [
  {
    what: 'your creations',
    async ask(apis) {
      const scaffolder = apis.get(scaffolderApiRef);
      if (!scaffolder?.listTasks) return [];
      const { tasks } = await scaffolder.listTasks({
        ...{ filterByOwnership: 'owned', limit: 50 },
      });
      return failedCreations(tasks, new Date());
    },
  },
  {
    what: 'catalog findings',
    async ask(apis, { ownershipEntityRefs: owner }) {
      const answer = await apis.get(catalogPlatformApiRef)?.findings({ owner });
      return answer ? catalogFindings(answer) : [];
    },
  },
];
