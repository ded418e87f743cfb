import { databaseServiceFactory } from '@backstage/backend-defaults/database';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import environmentsPlugin from '@highroad/plugin-environments-backend';
import { environmentOperations } from '@highroad/plugin-environments-common';
import {
  createOperationClient,
  FetchApi,
} from '@highroad/plugin-platform-common';
import { TestSandbox } from '@highroad/sandbox/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const resetSchema = z.object({
  cause: z.object({ code: z.literal('ECONNRESET') }),
});
const MOCK_USER = 'Bearer mock-user-token';

/** The plugin of environments alone, on a cluster of its own choice. */
export async function environmentBackend(sandbox: TestSandbox) {
  const { kubeconfig } = sandbox.connection.kubernetes;
  const backend = await startTestBackend({
    features: [
      environmentsPlugin,
      databaseServiceFactory,
      catalogServiceMock.factory({ entities: [] }),
      mockServices.rootConfig.factory({
        data: {
          app: { baseUrl: 'http://localhost:3000' },
          backend: {
            baseUrl: 'http://localhost:0',
            listen: { host: '127.0.0.1', port: 0 },
            database: {
              client: 'pg',
              connection: process.env.BENCH_POSTGRES_URL,
              prefix: `environments_${Date.now().toString(36)}_`,
            },
          },
          platform: {
            clusters: [{ name: 'bench', kubeconfig }],
            previews: {
              ...{ cluster: 'bench', teamNamespaces: false },
              namespace: `bench-${Date.now().toString(36)}`,
              url: 'http://{service}-{environment}.previews.test',
              quota: { perTeam: 5_000, total: 5_000 },
            },
          },
        },
      }),
    ],
  });
  const fetchApi: FetchApi = {
    fetch: (url, init) =>
      askAgain(
        String(url).replace(
          'plugin://',
          `http://127.0.0.1:${backend.server.port()}/api/`,
        ),
        {
          ...init,
          headers: { ...init?.headers, Authorization: MOCK_USER },
        },
      ),
  };
  const client = createOperationClient(environmentOperations, fetchApi);
  // It answers before it has read the cluster.
  const until = Date.now() + 60_000;
  for (;;) {
    const { notConnected } = await client.list({});
    if (!notConnected) break;
    if (Date.now() > until) throw new Error(notConnected);
    await sleep(50);
  }
  return {
    client,
    stop: () => backend.stop(),
  };
}

/** A connection that was kept open may be closed at the very moment that it is used again; what is asked here may be asked twice. */
async function askAgain(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const reset = resetSchema.safeParse(error);
    if (!reset.success) throw error;
    return fetch(url, init);
  }
}
