import { createBackend } from '@backstage/backend-defaults';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { Entity, parseEntityRef } from '@backstage/catalog-model';
import { ConfigReader } from '@backstage/config';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import createKnex, { Knex } from 'knex';
import { z } from 'zod';
import { quietLogger } from './quietLogger';

const MACHINE = 'bench-pipeline';
const MACHINE_TOKEN = `${MACHINE}-0123456789abcdef`;
const FRESH_MS = 10 * 60_000;
const signedInSchema = z.object({
  backstageIdentity: z.object({ token: z.string() }),
});
const takenSchema = z.object({
  accepted: z.number(),
  quarantined: z.array(z.object({ reason: z.string() })),
});

/** Metrics as a portal serves them: over HTTP, to whoever is signed in and may see them. */
export interface MetricsBackend {
  /**
   * Asks as a person does.
   *
   * @param path - below the plugin's address, with its query
   * @returns what was answered, read to its end
   */
  ask(path: string): Promise<string>;
  /** Tells of one service, as its pipeline does. */
  tell(service: string, events: object[]): Promise<void>;
  stop(): Promise<void>;
}

/** A catalog that says at once that there is whatever is asked for; how fast the real one is, is another bench's question. */
function catalogOf(groups: string[]) {
  const entityOf = (ref: string): Entity => {
    const { kind, name, namespace } = parseEntityRef(ref);
    return {
      ...{ apiVersion: 'backstage.io/v1alpha1', kind },
      metadata: { name, namespace },
    };
  };
  const answers = {
    getEntities: async () => ({ items: groups.map(entityOf) }),
    getEntitiesByRefs: async ({ entityRefs }: { entityRefs: string[] }) => ({
      items: entityRefs.map(entityOf),
    }),
    getEntityByRef: async (ref: string) => entityOf(ref),
    // Whose each service is stands in the ledger already.
    async *streamEntities() {},
  };
  return createServiceFactory({
    service: catalogServiceRef,
    deps: {},
    factory: () =>
      new Proxy({} as typeof catalogServiceRef.T, {
        get: (_, method) => Reflect.get(answers, method),
      }),
  });
}

/** The ledger's database for metrics, and one of its own for each other plugin. */
function databaseOf(db: Knex) {
  return createServiceFactory({
    service: coreServices.database,
    deps: { plugin: coreServices.pluginMetadata },
    factory: ({ plugin }) => {
      const own =
        plugin.getId() === 'metrics'
          ? db
          : createKnex({
              client: 'better-sqlite3',
              connection: { filename: ':memory:' },
              pool: { min: 1, max: 1 },
              useNullAsDefault: true,
            });
      return { getClient: async () => own };
    },
  });
}

/**
 * @param about.db - with a ledger in which everything is computed, by nobody else any more
 * @param about.groups - references of the catalog's groups
 */
export async function startMetricsBackend(about: {
  db: Knex;
  groups: string[];
  port: number;
}): Promise<MetricsBackend> {
  const { db, groups, port } = about;
  const url = `http://127.0.0.1:${port}`;
  const config = new ConfigReader({
    app: { baseUrl: url },
    backend: {
      baseUrl: url,
      listen: { host: '127.0.0.1', port },
      auth: {
        externalAccess: [
          {
            type: 'static',
            options: { token: MACHINE_TOKEN, subject: MACHINE },
          },
        ],
      },
    },
    auth: { providers: { guest: {} }, environment: 'development' },
    permission: { enabled: true },
    platform: {
      access: {
        machines: [
          {
            subject: MACHINE,
            services: ['*'],
            operations: ['platform.metrics.ingest'],
          },
        ],
      },
    },
  });
  const backend = createBackend();
  backend.add(
    createServiceFactory({
      ...{ service: coreServices.rootConfig, deps: {} },
      factory: () => config,
    }),
  );
  backend.add(
    createServiceFactory({
      ...{ service: coreServices.rootLogger, deps: {} },
      factory: () => quietLogger,
    }),
  );
  backend.add(databaseOf(db));
  backend.add(catalogOf(groups));
  backend.add(import('@backstage/plugin-auth-backend'));
  backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
  backend.add(import('@backstage/plugin-permission-backend'));
  backend.add(import('@highroad/plugin-permission-backend-module-platform'));
  backend.add(import('@highroad/plugin-audit-backend'));
  backend.add(import('@highroad/plugin-metrics-backend'));
  await backend.start();

  let token: { text: string; until: number } | undefined;
  const signIn = async (): Promise<string> => {
    if (token && token.until > Date.now()) return token.text;
    const response = await fetch(`${url}/api/auth/guest/refresh`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    const { backstageIdentity } = signedInSchema.parse(await response.json());
    token = { text: backstageIdentity.token, until: Date.now() + FRESH_MS };
    return token.text;
  };
  const answered = async (path: string, init: RequestInit): Promise<string> => {
    const response = await fetch(`${url}/api/metrics/v1/${path}`, init);
    const text = await response.text();
    if (response.ok) return text;
    throw new Error(`${path}: ${response.status} ${text}`);
  };
  return {
    stop: () => backend.stop(),
    ask: async path =>
      answered(path, {
        headers: { Authorization: `Bearer ${await signIn()}` },
      }),
    async tell(service, events) {
      const text = await answered('events', {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${MACHINE_TOKEN}`,
          'Content-Type': 'application/json',
        },
        body: JSON.stringify({ service, events }),
      });
      const { quarantined } = takenSchema.parse(JSON.parse(text));
      if (quarantined.length > 0) throw new Error(quarantined[0].reason);
    },
  };
}
