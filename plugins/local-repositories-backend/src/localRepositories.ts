import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { localRepositoriesPlugin } from './plugin';
import { localRepositoriesUrlReader } from './urlReader';

/** The plugin, and the reader that lets the catalog and TechDocs read the same repositories. */
export const localRepositories = createBackendFeatureLoader({
  loader: () => [localRepositoriesPlugin, localRepositoriesUrlReader],
});
