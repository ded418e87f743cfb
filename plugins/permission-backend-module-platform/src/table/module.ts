import { createBackendModule } from '@backstage/backend-plugin-api';
import { accessOperations } from '@highroad/plugin-platform-common';
import {
  operationsServiceRef,
  operationTableServiceRef,
} from '@highroad/plugin-platform-node';
import { describeDelivery, describeOperation } from './describeOperation';

/** The table of what can be done, and of what it takes, whatever the policy is. */
export const permissionModuleOperations = createBackendModule({
  pluginId: 'permission',
  moduleId: 'operations',
  register(env) {
    env.registerInit({
      deps: {
        operations: operationsServiceRef,
        table: operationTableServiceRef,
      },
      async init({ operations, table }) {
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
