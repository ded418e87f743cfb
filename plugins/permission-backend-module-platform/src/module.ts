import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { NestedGroups } from './ownership/NestedGroups';
import { PlatformPolicy } from './policy/PlatformPolicy';
import { readRoles } from './policy/readRoles';

/** The shipped policy. */
export const permissionModulePlatform = createBackendModule({
  pluginId: 'permission',
  moduleId: 'platform',
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        logger: coreServices.logger,
        policy: policyExtensionPoint,
      },
      async init({ auth, catalog, config, logger, policy }) {
        policy.setPolicy(
          new PlatformPolicy({
            roles: readRoles(config),
            claims: new NestedGroups({ auth, catalog, logger }),
          }),
        );
      },
    });
  },
});
