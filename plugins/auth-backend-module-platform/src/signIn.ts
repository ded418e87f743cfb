import {
  coreServices,
  createBackendFeatureLoader,
} from '@backstage/backend-plugin-api';
import { requireRealSignIn } from './requireRealSignIn';

/**
 * Refuses a production start that would let everyone in as guest, or nobody at all, before any plugin starts; and
 * adds the guest provider only where it is configured, since it does not start without its key.
 */
export const signIn = createBackendFeatureLoader({
  deps: { config: coreServices.rootConfig },
  *loader({ config }) {
    requireRealSignIn(config, process.env.NODE_ENV);
    if (config.has('auth.providers.guest')) {
      yield import('@backstage/plugin-auth-backend-module-guest-provider');
    }
  },
});
