import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { requireRealSignIn } from './requireRealSignIn';

/** Stops a production start that would let everyone in as guest, or nobody at all. */
export const authModulePlatform = createBackendModule({
  pluginId: 'auth',
  moduleId: 'platform',
  register(reg) {
    reg.registerInit({
      deps: { config: coreServices.rootConfig },
      async init({ config }) {
        requireRealSignIn(config, process.env.NODE_ENV);
      },
    });
  },
});
