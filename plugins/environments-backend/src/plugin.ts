import { createBackendPlugin } from '@backstage/backend-plugin-api';

/** Makes environments on demand, watches over them, and takes them away when their time is up. */
export const environmentsPlugin = createBackendPlugin({
  pluginId: 'environments',
  register(env) {
    env.registerInit({ deps: {}, async init() {} });
  },
});
