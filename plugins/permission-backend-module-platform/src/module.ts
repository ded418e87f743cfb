import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { accessOperations } from '@highroad/plugin-platform-common';
import {
  operationsServiceRef,
  operationTableServiceRef,
} from '@highroad/plugin-platform-node';
import { NestedGroups } from './ownership/NestedGroups';
import { PlatformPolicy } from './policy/PlatformPolicy';
import { readRoles } from './policy/readRoles';
import { describeDelivery, describeOperation } from './table/describeOperation';

/** The shipped policy, and the table of what can be done and by whom. */
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
        operations: operationsServiceRef,
        policy: policyExtensionPoint,
        table: operationTableServiceRef,
      },
      async init({ auth, catalog, config, logger, operations, policy, table }) {
        policy.setPolicy(
          new PlatformPolicy({
            roles: readRoles(config),
            claims: new NestedGroups({ auth, catalog, logger }),
          }),
        );
        operations.serve(accessOperations, {
          listOperations: {
            handle: async () => ({
              items: [
                ...table.all().map(describeOperation),
                ...table.deliveries().map(describeDelivery),
              ].sort((a, b) => a.plugin.localeCompare(b.plugin, 'en')),
            }),
          },
        });
      },
    });
  },
});
