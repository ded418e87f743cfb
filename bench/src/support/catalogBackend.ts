import { createBackend } from '@backstage/backend-defaults';
import {
  coreServices,
  createBackendModule,
  createServiceFactory,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { Entity } from '@backstage/catalog-model';
import { ConfigReader } from '@backstage/config';
import {
  catalogConditions,
  createCatalogConditionalDecision,
} from '@backstage/plugin-catalog-backend/alpha';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import {
  AuthorizeResult,
  isPermission,
} from '@backstage/plugin-permission-common';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { HIDDEN_LABEL } from './organization';

/** A backend with a catalog of the given entities, on PostgreSQL, with permissions on. */
export interface CatalogBackend {
  url: string;
  token(): Promise<string>;
  stop(): Promise<void>;
}

/** Only what went wrong, on stderr. */
const quietLogger: LoggerService = {
  error: (message: string) => process.stderr.write(`${message}\n`),
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => quietLogger,
};

/** Everyone sees what is not labelled as hidden: a condition that the catalog turns into SQL, as real ones are. */
const policy = createBackendModule({
  pluginId: 'permission',
  moduleId: 'bench-policy',
  register(reg) {
    reg.registerInit({
      deps: { policy: policyExtensionPoint },
      async init(deps) {
        deps.policy.setPolicy({
          async handle({ permission }) {
            if (isPermission(permission, catalogEntityReadPermission)) {
              return createCatalogConditionalDecision(permission, {
                not: catalogConditions.hasLabel({ label: HIDDEN_LABEL }),
              });
            }
            return { result: AuthorizeResult.ALLOW };
          },
        });
      },
    });
  },
});

function provider(entities: Entity[]) {
  return createBackendModule({
    pluginId: 'catalog',
    moduleId: 'bench-provider',
    register(reg) {
      reg.registerInit({
        deps: { processing: catalogProcessingExtensionPoint },
        async init({ processing }) {
          processing.addEntityProvider({
            getProviderName: () => 'bench',
            connect: connection =>
              connection.applyMutation({
                type: 'full',
                entities: entities.map(entity => ({ entity })),
              }),
          });
        },
      });
    },
  });
}

export async function startCatalogBackend(options: {
  entities: Entity[];
  port: number;
  postgresUrl: string;
  /** Begins the names of its databases */
  prefix: string;
}): Promise<CatalogBackend> {
  const url = `http://127.0.0.1:${options.port}`;
  const config = new ConfigReader({
    app: { baseUrl: url },
    backend: {
      baseUrl: url,
      listen: { host: '127.0.0.1', port: options.port },
      database: {
        client: 'pg',
        connection: options.postgresUrl,
        prefix: options.prefix,
      },
      auth: { keys: [{ secret: 'c2VjcmV0IG9mIHRoZSBiZW5jaCBvbmx5IQ==' }] },
    },
    auth: { providers: { guest: {} }, environment: 'development' },
    permission: { enabled: true },
    catalog: {
      processingInterval: { hours: 24 },
      rules: [{ allow: ['Component', 'API', 'Resource'] }],
    },
  });
  const backend = createBackend();
  backend.add(
    createServiceFactory({
      service: coreServices.rootConfig,
      deps: {},
      factory: () => config,
    }),
  );
  backend.add(
    createServiceFactory({
      service: coreServices.rootLogger,
      deps: {},
      factory: () => quietLogger,
    }),
  );
  backend.add(import('@backstage/plugin-auth-backend'));
  backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
  backend.add(import('@backstage/plugin-permission-backend'));
  backend.add(policy);
  backend.add(import('@backstage/plugin-catalog-backend'));
  backend.add(import('@highroad/plugin-catalog-backend-module-platform'));
  backend.add(provider(options.entities));
  await backend.start();

  return {
    url,
    stop: () => backend.stop(),
    token: async () => {
      const response = await fetch(`${url}/api/auth/guest/refresh`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{}',
      });
      const body: { backstageIdentity: { token: string } } =
        await response.json();
      return body.backstageIdentity.token;
    },
  };
}
