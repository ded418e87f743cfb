import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { LocalRepositories } from '@highroad/plugin-local-repositories-node';
import { createRouter } from './router';

/** Shows repositories kept on this machine to people who are signed in. */
export const localRepositoriesPlugin = createBackendPlugin({
  pluginId: 'local-repositories',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        httpRouter: coreServices.httpRouter,
        httpAuth: coreServices.httpAuth,
      },
      async init({ config, httpRouter, httpAuth }) {
        const repositories = LocalRepositories.fromConfig(config);
        httpRouter.use(createRouter({ repositories, httpAuth }));
      },
    });
  },
});
