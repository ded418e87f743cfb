import {
  authServiceFactory as standardFactory,
  externalTokenHandlersServiceRef,
  pluginTokenHandlerDecoratorServiceRef,
} from '@backstage/backend-defaults/auth';
import {
  AuthService,
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { MachineAccess } from '@highroad/plugin-platform-node';
import { MachineAuth } from './MachineAuth';

/** Goes on with what was begun, after the request that began it. */
const WORKS_ON = ['scaffolder'];

/** In place of the standard authentication service, in every plugin. What it needs is what the standard one needs. */
export const authServiceFactory = createServiceFactory({
  service: coreServices.auth,
  deps: {
    config: coreServices.rootConfig,
    logger: coreServices.logger,
    discovery: coreServices.discovery,
    plugin: coreServices.pluginMetadata,
    database: coreServices.database,
    pluginTokenHandlerDecorator: pluginTokenHandlerDecoratorServiceRef,
    externalTokenHandlers: externalTokenHandlersServiceRef,
  },
  factory: async deps =>
    new MachineAuth({
      inner: await makeStandard(deps),
      machines: MachineAccess.fromConfig(deps.config),
      mayStandIn: WORKS_ON.includes(deps.plugin.getId()),
    }),
});

/** Backstage gives out its factory whole, and the class behind it not at all. */
async function makeStandard(deps: object): Promise<AuthService> {
  const { factory } = standardFactory as unknown as {
    factory(deps: object, context: undefined): Promise<AuthService>;
  };
  return factory(deps, undefined);
}
