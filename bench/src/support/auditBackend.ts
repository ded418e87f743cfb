import { createBackend } from '@backstage/backend-defaults';
import {
  coreServices,
  createBackendModule,
  createBackendPlugin,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { Entity } from '@backstage/catalog-model';
import { ConfigReader } from '@backstage/config';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import {
  auditConditions,
  RESOURCE_TYPE_AUDIT_RECORD,
} from '@highroad/plugin-audit-common';
import { quietLogger } from './quietLogger';

export const OWNER = 'group:default/owners';

/** A backend with the ledger, and a plugin that does nothing, with and without a record of it. */
export interface AuditBackend {
  url: string;
  token(): Promise<string>;
  stop(): Promise<void>;
}

/** `/api/deeds/plain` and `/api/deeds/recorded` do the same: they find out who asks, and nothing more. */
const deeds = createBackendPlugin({
  pluginId: 'deeds',
  register: env =>
    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        httpAuth: coreServices.httpAuth,
        router: coreServices.httpRouter,
      },
      async init({ auditor, httpAuth, router }) {
        router.use(async (request, response, next) => {
          try {
            await httpAuth.credentials(request, { allow: ['user'] });
            if (request.path === '/recorded') {
              const event = await auditor.createEvent({
                ...{ eventId: 'do', severityLevel: 'medium', request },
                meta: {
                  platform: {
                    service: 'component:default/service-1',
                    environment: 'staging',
                  },
                },
              });
              await event.success();
            }
            response.json({ ok: true });
          } catch (error) {
            next(error);
          }
        });
      },
    }),
});

/** What the one who asks may see: `all` as an auditor, or what is about their services, as an owner. */
export type Sight = { current: 'all' | 'owned' };

function policy(sight: Sight) {
  return createBackendModule({
    pluginId: 'permission',
    moduleId: 'bench-policy',
    register: reg =>
      reg.registerInit({
        deps: { policy: policyExtensionPoint },
        async init(deps) {
          deps.policy.setPolicy({
            async handle({ permission }): Promise<PolicyDecision> {
              const conditional =
                sight.current === 'owned' &&
                permission.type === 'resource' &&
                permission.resourceType === RESOURCE_TYPE_AUDIT_RECORD;
              if (!conditional) return { result: AuthorizeResult.ALLOW };
              return {
                ...{ result: AuthorizeResult.CONDITIONAL, pluginId: 'audit' },
                resourceType: RESOURCE_TYPE_AUDIT_RECORD,
                conditions: auditConditions.isServiceOwner({ claims: [OWNER] }),
              };
            },
          });
        },
      }),
  });
}

/** A catalog that says at once which services the owner has; how fast the real one is, is another bench's question. */
function catalogOf(services: string[]) {
  const items = services.map(
    (name): Entity => ({
      ...{ apiVersion: 'backstage.io/v1alpha1', kind: 'Component' },
      metadata: { name, namespace: 'default' },
    }),
  );
  return createServiceFactory({
    service: catalogServiceRef,
    deps: {},
    factory: () =>
      new Proxy({} as typeof catalogServiceRef.T, {
        get: (_, method) =>
          method === 'getEntities' ? async () => ({ items }) : undefined,
      }),
  });
}

export async function startAuditBackend(options: {
  port: number;
  /** As under `backend.database` */
  database: object;
  /** As under `platform.audit` */
  audit: object;
  /** Names of services that the owner owns */
  owned?: string[];
  sight?: Sight;
}): Promise<AuditBackend> {
  const url = `http://127.0.0.1:${options.port}`;
  const config = new ConfigReader({
    app: { baseUrl: url },
    backend: {
      baseUrl: url,
      listen: { host: '127.0.0.1', port: options.port },
      database: options.database,
      auth: { keys: [{ secret: 'c2VjcmV0IG9mIHRoZSBiZW5jaCBvbmx5IQ==' }] },
    },
    auth: { providers: { guest: {} }, environment: 'development' },
    permission: { enabled: true },
    platform: { audit: options.audit },
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
  backend.add(policy(options.sight ?? { current: 'all' }));
  backend.add(catalogOf(options.owned ?? []));
  backend.add(import('@highroad/plugin-audit-backend'));
  backend.add(deeds);
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
