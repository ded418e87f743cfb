import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { localRepositoriesOperations } from '@highroad/plugin-local-repositories-common';
import { LocalRepositories } from '@highroad/plugin-local-repositories-node';
import { operationsServiceRef } from '@highroad/plugin-platform-node';
import { implementLocalRepositories } from './implementations';

/** Shows repositories kept on this machine to people who are signed in. */
export const localRepositoriesPlugin = createBackendPlugin({
  pluginId: 'local-repositories',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        operations: operationsServiceRef,
      },
      async init({ config, operations }) {
        operations.serve(
          localRepositoriesOperations,
          implementLocalRepositories(LocalRepositories.fromConfig(config)),
        );
      },
    });
  },
});
