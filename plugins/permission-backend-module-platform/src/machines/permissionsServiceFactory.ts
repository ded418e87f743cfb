import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { ServerPermissionClient } from '@backstage/plugin-permission-node';
import { MachineAccess } from '@highroad/plugin-platform-node';
import { MachinePermissions } from './MachinePermissions';

/** In place of the standard permissions service, in every plugin. */
export const permissionsServiceFactory = createServiceFactory({
  service: coreServices.permissions,
  deps: {
    auth: coreServices.auth,
    config: coreServices.rootConfig,
    discovery: coreServices.discovery,
  },
  factory: ({ auth, config, discovery }) =>
    new MachinePermissions({
      auth,
      inner: ServerPermissionClient.fromConfig(config, { auth, discovery }),
      machines: MachineAccess.fromConfig(config),
    }),
});
