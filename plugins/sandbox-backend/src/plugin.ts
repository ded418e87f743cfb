import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import { createRouter } from './router';
import { SandboxService } from './service/SandboxService';
import { registerStatusAction } from './statusAction';

/** Shows the sandbox that runs beside this portal to people who are signed in. Nothing here changes it. */
export const sandboxPlugin = createBackendPlugin({
  pluginId: 'sandbox',
  register(env) {
    env.registerInit({
      deps: {
        actionsRegistry: actionsRegistryServiceRef,
        config: coreServices.rootConfig,
        httpRouter: coreServices.httpRouter,
        httpAuth: coreServices.httpAuth,
      },
      async init({ actionsRegistry, config, httpRouter, httpAuth }) {
        const sandbox = new SandboxService(
          config.getOptionalString('platform.sandbox.directory'),
        );
        registerStatusAction(actionsRegistry, sandbox);
        httpRouter.use(createRouter({ sandbox, httpAuth }));
      },
    });
  },
});
