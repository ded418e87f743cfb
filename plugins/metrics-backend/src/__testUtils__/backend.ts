import {
  coreServices,
  createBackendPlugin,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { metricsOperations } from '@highroad/plugin-metrics-common';
import { createOperationClient } from '@highroad/plugin-platform-common';
import createPromiseRouter from 'express-promise-router';
import { setTimeout as sleep } from 'node:timers/promises';
import { metricsPlugin } from '../plugin';

/** A feed of deployments that tells what the test puts into it. */
export interface FakeFeed {
  items: unknown[];
  /** While it is false, the feed answers with an error */
  works: boolean;
}

function feedPlugin(feed: FakeFeed) {
  return createBackendPlugin({
    pluginId: 'deployments',
    register: env =>
      env.registerInit({
        deps: { http: coreServices.httpRouter },
        async init({ http }) {
          const router = createPromiseRouter();
          router.get('/v1/events', async (request, response) => {
            if (!feed.works) {
              response.status(503).json({ error: { message: 'It is away' } });
              return;
            }
            const after = Number(request.query.after);
            const items = feed.items.slice(after);
            response.json({ items, next: after + items.length });
          });
          http.use(router);
        },
      }),
  });
}

/** An event of the feed, as the deployments plugin writes it. */
export function feedEvent(
  seq: number,
  type: string,
  data: Record<string, unknown>,
): object {
  const time = new Date().toISOString();
  return {
    ...{ seq, specversion: '1.0', id: `event-${seq}`, type, time },
    source: '/plugins/deployments',
    subject: `deployment-${seq}`,
    data: {
      ...{ kind: 'deploy', service: 'component:default/cart' },
      ...{ environment: 'production', version: '1.0.0', image: 'cart' },
      ...{ state: 'succeeded', requestedBy: 'user:default/anna' },
      ...{ requestedAt: time, endedAt: time, summary: 'Done' },
      manifestsDigest: 'abc',
      ...data,
    },
  };
}

export async function startMetrics(
  options: {
    feed?: FakeFeed;
    entities?: Entity[];
    config?: object;
    database?: ReturnType<typeof mockServices.database.factory>;
  } = {},
) {
  const { feed = { items: [], works: true }, entities = [] } = options;
  const told: string[] = [];
  const actions = actionsRegistryServiceMock();
  const backend = await startTestBackend({
    features: [
      createServiceFactory({
        ...{ service: actionsRegistryServiceRef, deps: {} },
        factory: () => actions,
      }),
      createServiceFactory({
        ...{ service: signalsServiceRef, deps: {} },
        factory: () => ({
          publish: async ({ channel }) => {
            told.push(channel);
          },
        }),
      }),
      metricsPlugin,
      feedPlugin(feed),
      catalogServiceMock.factory({ entities }),
      mockServices.rootConfig.factory({
        data: { backend: { baseUrl: 'http://localhost' }, ...options.config },
      }),
      ...(options.database ? [options.database] : []),
    ],
  });
  const base = `http://localhost:${backend.server.port()}/api/metrics`;
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${base}${path}`, {
      ...init,
      headers: {
        // Where the machine is busy, one that is kept is closed by the other side at the moment of its next use.
        Connection: 'close',
        ...Object.fromEntries(new Headers(init.headers)),
        ...(!new Headers(init.headers).has('authorization') && {
          Authorization: mockCredentials.user.header('user:default/anna'),
        }),
      },
    });
  const client = createOperationClient(metricsOperations, {
    fetch: async (input, init) =>
      call(String(input).replace('plugin://metrics', ''), init),
  });
  /** Has an action carried out, for anna. */
  const act = async (name: string, input: object): Promise<unknown> => {
    const { output } = await actions.invoke({
      ...{ id: `test:${name}`, input },
      credentials: mockCredentials.user('user:default/anna'),
    });
    return output;
  };
  /** `told`: channels of the signals that open pages were sent */
  return { act, backend, base, call, client, told };
}

/** Waits until something is so. */
export async function until<T>(
  look: () => Promise<T | undefined | false>,
  patienceMs = 30_000,
): Promise<T> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`It was not so in ${patienceMs} ms.`);
    await sleep(20);
  }
}
