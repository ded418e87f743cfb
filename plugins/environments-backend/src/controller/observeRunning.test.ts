import {
  EnvironmentServiceStatus,
  SERVICE_LABEL,
} from '@highroad/plugin-environments-common';
import { KubernetesObject } from '@highroad/plugin-platform-node/kubernetes';
import { observeRunning } from './observeRunning';

const UID = 'a-uid';

/** As the cluster tells of one with two pods wanted. */
const deployment = (service: string, readyReplicas: number) => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
  metadata: {
    ...{ name: service, namespace: 'env-demo', generation: 1 },
    labels: { [SERVICE_LABEL]: service },
  },
  spec: { replicas: 2, selector: { matchLabels: { app: service } } },
  status: {
    ...{ observedGeneration: 1, replicas: 2, updatedReplicas: 2 },
    readyReplicas,
  },
});
const crashing: KubernetesObject = {
  ...{ apiVersion: 'v1', kind: 'Pod' },
  metadata: {
    ...{ name: 'api-1', uid: 'u', namespace: 'env-demo' },
    creationTimestamp: '2026-01-01T00:00:00Z',
  },
  status: {
    containerStatuses: [
      {
        ...{ name: 'api', image: 'shop/api:1', restartCount: 3 },
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: { exitCode: 7 } },
      },
    ],
  },
};
const told = (name: string): EnvironmentServiceStatus => ({
  ...{ name, state: 'ready', ready: 2, replicas: 2 },
  ...{ image: `shop/${name}:1`, url: `http://${name}.test` },
  message: 'Said before.',
});

describe('what runs of an environment that is refused', () => {
  it('is told as it is now, with what it is and where it answers', async () => {
    const asked: unknown[] = [];
    const all = [deployment('api', 0), deployment('web', 2)];
    const found = await observeRunning(
      {
        uid: UID,
        status: {
          ...{ conditions: [], databases: [], warnings: [] },
          services: ['api', 'web', 'gone'].map(told),
        },
      },
      {
        client: {
          list: async (kind, options) => {
            asked.push([kind, options?.labelSelector]);
            return { items: [crashing], resourceVersion: '1' };
          },
        },
        owned: { of: (_, uid) => (uid === UID ? all : []) },
        now: () => new Date('2026-11-30T12:00:00Z'),
      },
    );
    expect(found).toEqual([
      {
        ...{ name: 'api', image: 'shop/api:1', url: 'http://api.test' },
        ...{ state: 'failing', ready: 0, replicas: 2 },
        message: 'It ends again and again, with exit code 7. Look at its log.',
      },
      {
        ...{ name: 'web', image: 'shop/web:1', url: 'http://web.test' },
        ...{ state: 'ready', ready: 2, replicas: 2 },
      },
      {
        ...{ name: 'gone', image: 'shop/gone:1', url: 'http://gone.test' },
        ...{ state: 'waiting', ready: 0, replicas: 2 },
        message: 'Nothing of it runs.',
      },
    ]);
    // Of what is as it should be, nothing more is asked.
    expect(asked).toEqual([['Pod', 'app=api']]);
  });
});
