import { DefaultHttpAuthService } from '@backstage/backend-defaults/httpAuth';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { MachineAccess } from '@highroad/plugin-platform-node';
import { MachineHttpAuth } from './MachineHttpAuth';

/** In place of the standard HTTP authentication service, in every plugin. */
export const httpAuthServiceFactory = createServiceFactory({
  service: coreServices.httpAuth,
  deps: {
    auth: coreServices.auth,
    config: coreServices.rootConfig,
    discovery: coreServices.discovery,
    plugin: coreServices.pluginMetadata,
  },
  factory: ({ auth, config, discovery, plugin }) =>
    new MachineHttpAuth({
      auth,
      inner: DefaultHttpAuthService.create({
        auth,
        discovery,
        pluginId: plugin.getId(),
      }),
      machines: MachineAccess.fromConfig(config),
    }),
});
