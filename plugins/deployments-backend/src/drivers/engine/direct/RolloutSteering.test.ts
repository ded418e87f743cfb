import { KubeConfig, KubernetesObjectApi } from '@kubernetes/client-node';
import { createServer, Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { RolloutSteering, stepOfRollout } from './RolloutSteering';

const addressSchema = z.object({ port: z.number() });
const header = {
  ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' },
  metadata: { name: 'cart', namespace: 'shop' },
};
const LIST = '/apis/argoproj.io/v1alpha1';
const ROLLOUT = `${LIST}/namespaces/shop/rollouts/cart`;
const { signal } = new AbortController();

/** Two steps, at the first, or none. */
const rollout = (options: { observed?: string; steps?: object[] } = {}) => {
  const { observed = '3', steps = [{ setWeight: 20 }, { pause: {} }] } =
    options;
  return {
    ...header,
    metadata: { ...header.metadata, generation: 3, resourceVersion: '70' },
    spec: { strategy: { canary: { steps } } },
    status: {
      ...{ observedGeneration: observed, currentStepIndex: 0 },
      ...{ currentPodHash: 'new', stableRS: 'old' },
    },
  };
};

describe('orders to a Rollout', () => {
  let server: Server;
  let steering: RolloutSteering;
  let found: object;
  /** The status of each order */
  let orders: unknown[];

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const { method, url = '' } = request;
      const answer = (status: number, body: object) => {
        response.writeHead(status, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify(body));
      };
      if (method === 'GET' && url === LIST) {
        return answer(200, {
          ...{ kind: 'APIResourceList', groupVersion: 'argoproj.io/v1alpha1' },
          resources: [
            {
              ...{ name: 'rollouts', singularName: 'rollout', kind: 'Rollout' },
              ...{ namespaced: true, verbs: ['get', 'patch'] },
            },
          ],
        });
      }
      if (method === 'GET' && url === ROLLOUT) return answer(200, found);
      if (method === 'PATCH' && url === `${ROLLOUT}/status`) {
        const { status } = z
          .object({ status: z.record(z.unknown()) })
          .parse(await json(request));
        orders.push(status);
        return answer(200, found);
      }
      return answer(404, { message: `${method} ${url} is not known` });
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = addressSchema.parse(server.address());
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      { name: 'test', server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
      { name: 'test' },
    );
    steering = new RolloutSteering({
      ...{ config, header },
      api: KubernetesObjectApi.makeApiClient(config),
      setPaused: async () => {},
    });
  });
  beforeEach(() => {
    orders = [];
    found = rollout();
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise(resolve => {
      server.close(resolve);
    });
  });

  it('to skip are none where there are no steps', async () => {
    found = rollout({ steps: [] });
    const step = stepOfRollout(found, 'skip');
    expect(step).toBeUndefined();
    await steering.do({ action: 'skip', step, signal });
    expect(orders).toEqual([]);
  });

  it('wait until Argo Rollouts has seen what was applied last', async () => {
    const early = rollout({ observed: '2' });
    const why = 'Argo Rollouts has not seen yet what was applied to cart.';
    expect(() => stepOfRollout(early, 'skip')).toThrow(why);
    expect(stepOfRollout(rollout(), 'skip')).toBe(1);

    found = early;
    await expect(
      steering.do({ action: 'promote-full', signal }),
    ).rejects.toThrow(why);
    await expect(
      steering.do({ action: 'promote', step: 1, signal }),
    ).rejects.toThrow(why);
    expect(orders).toEqual([]);

    found = rollout();
    await steering.do({ action: 'promote-full', signal });
    expect(orders).toEqual([{ promoteFull: true }]);
  });
});
