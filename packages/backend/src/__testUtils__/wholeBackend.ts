import { createBackend } from '@backstage/backend-defaults';
import { rootHttpRouterServiceFactory } from '@backstage/backend-defaults/rootHttpRouter';
import {
  AuditorService,
  coreServices,
  createBackendPlugin,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import { ResponseError } from '@backstage/errors';
import { PermissionPolicy } from '@backstage/plugin-permission-node';
import { auditLedgerServiceRef } from '@highroad/plugin-audit-backend';
import { auditOperations, LedgerRecord } from '@highroad/plugin-audit-common';
import {
  createOperationClient,
  Delivery,
  Operation,
} from '@highroad/plugin-platform-common';
import { operationTableServiceRef } from '@highroad/plugin-platform-node';
import { Server } from 'node:http';
import { createServer } from 'node:net';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { features } from '../features';
import { mountedRoutes } from './mountedRoutes';
import { OwnMounts } from './ownMounts';
import { signInAs } from './signInAs';
import { withPolicy } from './withPolicy';

const ADMIN = 'user:default/priya.raman';
const ROOT = resolvePackagePath('backend', '../..');

export interface WholeBackend {
  url: string;
  /** What is declared */
  operations: Operation[];
  /** Webhooks that are declared */
  deliveries: Delivery[];
  /** What is mounted, as `METHOD /api/plugin/path` */
  mounted: string[];
  /** The same of one plugin, and as `ANY /api/plugin/path` what is no router there */
  handlersOf(plugin: string): string[];
  /** What code of this project mounted, in whichever plugin, as `METHOD /api/plugin/path` */
  mountedByUs: string[];
  /** Signs somebody of the example organisation in. Returns the value of the Authorization header. */
  signIn(user: string): Promise<string>;
  /** Has something recorded that an owner did to a service, and waits until it is in the chain. */
  recordAbout(service: string): Promise<LedgerRecord>;
  /** From now on the ledger takes no records: the table that they go into is gone. */
  refuseRecords(): Promise<void>;
  /** It takes them again, and has what waited. */
  takeRecords(): Promise<void>;
  stop(): Promise<void>;
}

/** A cluster that does not answer. */
export const NO_CLUSTER = {
  name: 'none',
  url: 'http://127.0.0.1:1',
  token: 'none',
};

/**
 * The backend as it is shipped: all its features, real tokens, the real policy. Only its listening address, its
 * databases and a way to sign in without a page are the test's.
 *
 * @param platform - configuration under `platform`
 * @param policy - takes the place of the shipped one
 * @param tokens - subjects of tokens of machines; the token is the subject with `-token` behind it
 * @param entities - what the catalog has besides the example organisation, as YAML, given the address of the portal
 */
export async function startWholeBackend(options: {
  platform: object;
  policy?: PermissionPolicy;
  tokens: string[];
  entities?: (url: string) => string;
}): Promise<WholeBackend> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const folder = await mkdtemp(join(tmpdir(), 'highroad-backend-'));
  const entities = options.entities?.(url);
  const entitiesFile = join(folder, 'entities.yaml');
  if (entities) await writeFile(entitiesFile, entities);
  let routes: unknown;
  let server: Server | undefined;
  let auditor: AuditorService | undefined;
  let ledger: typeof auditLedgerServiceRef.T | undefined;
  let operations: Operation[] = [];
  let deliveries: Delivery[] = [];

  const backend = createBackend();
  const ownMounts = new OwnMounts();
  const { policy } = options;
  const shipped = policy ? withPolicy(features, policy) : features;
  for (const feature of [...shipped, signInAs, ownMounts.ofPlugins()]) {
    backend.add(feature);
  }
  backend.add(mockServices.rootLogger.factory({ level: 'none' }));
  backend.add(
    mockServices.rootConfig.factory({
      data: {
        app: { baseUrl: url, title: 'Test' },
        organization: { name: 'Test' },
        backend: {
          baseUrl: url,
          listen: { host: '127.0.0.1', port },
          // Where the machine is busy, a request must not go into a connection that is being closed.
          server: { keepAliveTimeout: { seconds: 75 } },
          database: {
            client: 'better-sqlite3',
            connection: { directory: folder },
          },
          auth: {
            externalAccess: options.tokens.map(subject => ({
              type: 'static',
              options: { token: `${subject}-token`, subject },
            })),
          },
          actions: {
            pluginSources: [
              ...['audit', 'catalog', 'deployments', 'environments'],
              ...['local-repositories', 'metrics', 'permission', 'sandbox'],
              ...['scaffolder', 'secrets'],
            ],
          },
        },
        auth: { environment: 'development', providers: { test: {} } },
        permission: { enabled: true },
        platform: options.platform,
        catalog: {
          rules: [{ allow: ['Component', 'System', 'API', 'Resource'] }],
          locations: [
            {
              type: 'file',
              target: join(ROOT, 'examples/organization.yaml'),
              rules: [
                {
                  allow: [
                    'Location',
                    'Component',
                    'System',
                    'API',
                    'Resource',
                    'Domain',
                    'User',
                    'Group',
                  ],
                },
              ],
            },
            ...(entities ? [{ type: 'file', target: entitiesFile }] : []),
          ],
          processingInterval: { seconds: 5 },
        },
        techdocs: {
          builder: 'local',
          generator: { runIn: 'local' },
          publisher: { type: 'local' },
        },
        kubernetes: {
          serviceLocatorMethod: { type: 'multiTenant' },
          clusterLocatorMethods: [],
        },
      },
    }),
  );
  backend.add(
    ownMounts.ofRoot(
      rootHttpRouterServiceFactory({
        configure(context) {
          ({ routes, server } = context);
          context.applyDefaults();
        },
      }),
    ),
  );
  backend.add(
    createBackendPlugin({
      pluginId: 'operation-table-reader',
      register: env =>
        env.registerInit({
          deps: {
            auditor: coreServices.auditor,
            ledger: auditLedgerServiceRef,
            lifecycle: coreServices.rootLifecycle,
            table: operationTableServiceRef,
          },
          async init(deps) {
            ({ auditor, ledger } = deps);
            deps.lifecycle.addStartupHook(() => {
              operations = deps.table.all();
              deliveries = deps.table.deliveries();
            });
          },
        }),
    }),
  );
  await backend.start();

  const patience = Date.now() + 180_000;
  const signIn = async (user: string): Promise<string> => {
    const response = await fetch(`${url}/api/auth/test/refresh`, {
      headers: { 'x-test-user': user, 'x-requested-with': 'test' },
    });
    if (response.status === 404 && Date.now() < patience) {
      // The catalog is still reading its files.
      await sleep(200);
      return signIn(user);
    }
    if (!response.ok) throw new Error(`${user}: ${await response.text()}`);
    const { backstageIdentity } = (await response.json()) as {
      backstageIdentity: { token: string };
    };
    return `Bearer ${backstageIdentity.token}`;
  };
  await untilOrganisationStands(url, () => signIn(ADMIN), {
    patience,
    besides: entities ? [entities] : [],
  });
  const recordAbout = async (service: string) => {
    const correlation = `about-${service}`;
    const event = await auditor?.createEvent({
      eventId: 'test',
      severityLevel: 'medium',
      meta: {
        platform: {
          ...{ service, correlation, door: 'cli' },
          actor: { kind: 'user', ref: 'user:default/lucia.ferrari' },
        },
      },
    });
    await event?.success();
    const client = createOperationClient(auditOperations, {
      fetch: async (input, init) =>
        fetch(String(input).replace('plugin://', `${url}/api/`), {
          ...init,
          headers: { Authorization: await signIn(ADMIN) },
        }),
    });
    for (let tries = 0; tries < 200; tries++) {
      const { items } = await client.search({ correlation }).catch(inWords);
      const ended = items.find(item => item.phase === 'outcome');
      if (ended) return ended;
      await sleep(100);
    }
    throw new Error(`What was done to ${service} did not get into the chain.`);
  };
  return {
    url,
    recordAbout,
    operations,
    deliveries,
    mounted: mountedRoutes(routes),
    handlersOf: plugin =>
      mountedRoutes(routes, '', path => `ANY ${path}`).filter(route =>
        route.split(' ')[1].startsWith(`/api/${plugin}/`),
      ),
    mountedByUs: ownMounts.routes(),
    signIn,
    async refuseRecords() {
      const db = await ledger?.database();
      await db?.schema.renameTable('intake', 'intake_gone');
    },
    async takeRecords() {
      const db = await ledger?.database();
      await db?.schema.renameTable('intake_gone', 'intake');
      await ledger?.loop.turn();
    },
    async stop() {
      const closing = setInterval(() => server?.closeIdleConnections(), 200);
      await backend.stop().finally(() => clearInterval(closing));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What an answer says, where a test would tell its status alone. */
export function inWords(error: ResponseError): never {
  throw new Error(`${error.message}: ${JSON.stringify(error.body)}`);
}

/** Until the catalog knows everybody of the examples and their services, and who owns what: it reads file after file. */
async function untilOrganisationStands(
  url: string,
  signIn: () => Promise<string>,
  { patience, besides }: { patience: number; besides: string[] },
): Promise<void> {
  const folder = join(ROOT, 'examples');
  const files = (await readdir(folder)).filter(name => name.endsWith('.yaml'));
  const texts = await Promise.all(
    files.map(name => readFile(join(folder, name), 'utf8')),
  );
  const expected = [...texts, ...besides]
    .join('\n')
    .match(/^kind: (User|Component)$/gm)?.length;
  const asked = new URLSearchParams([
    ...['user', 'component'].map(kind => ['filter', `kind=${kind}`]),
    ['limit', '1000'],
    ['fields', 'relations'],
  ]);
  for (;;) {
    const response = await fetch(
      `${url}/api/catalog/entities/by-query?${asked}`,
      { headers: { Authorization: await signIn() } },
    );
    if (!response.ok) throw new Error(await response.text());
    const { items } = (await response.json()) as {
      items: { relations?: { type: string }[] }[];
    };
    const standing = items.filter(({ relations = [] }) =>
      relations.some(({ type }) => ['ownedBy', 'memberOf'].includes(type)),
    );
    if (standing.length === expected) return;
    if (Date.now() > patience) {
      throw new Error(
        `The catalog has read ${standing.length} of the ${expected} people and services of the examples.`,
      );
    }
    await sleep(200);
  }
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address
          ? done(address.port)
          : failed(new Error('no address')),
      );
    });
  });
}
