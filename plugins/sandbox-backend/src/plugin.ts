import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { operationsServiceRef } from '@highroad/plugin-platform-node';
import { sandboxOperations } from '@highroad/plugin-sandbox-common';
import { implementSandbox } from './implementations';
import { SandboxService } from './service/SandboxService';

/** Shows the sandbox that runs beside this portal to people who are signed in. Nothing here changes it. */
export const sandboxPlugin = createBackendPlugin({
  pluginId: 'sandbox',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        operations: operationsServiceRef,
      },
      async init({ config, operations }) {
        const sandbox = new SandboxService(
          config.getOptionalString('platform.sandbox.directory'),
        );
        operations.serve(sandboxOperations, implementSandbox(sandbox));
      },
    });
  },
});
