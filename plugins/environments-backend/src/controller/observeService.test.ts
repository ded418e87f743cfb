import { observeService } from './observeService';

const now = new Date('2026-11-30T12:00:00Z');
const nobody = { list: async () => ({ items: [], resourceVersion: '1' }) };

/** As the cluster tells of one whose pods it does not start. */
const refused = (options: {
  revision: string;
  maxSurge: number | string;
  message: string;
  since: string;
}) => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
  metadata: {
    ...{ name: 'api', namespace: 'env-demo', generation: 2 },
    annotations: { 'deployment.kubernetes.io/revision': options.revision },
  },
  spec: {
    ...{ replicas: 1, selector: { matchLabels: { app: 'api' } } },
    strategy: { rollingUpdate: { maxSurge: options.maxSurge } },
  },
  status: {
    observedGeneration: 2,
    conditions: [
      {
        ...{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' },
        ...{ message: options.message, lastTransitionTime: options.since },
      },
    ],
  },
});
const making = {
  ...{ revision: '2', maxSurge: 0 as number | string },
  ...{ message: 'exceeded quota: environment', since: '2026-11-30T11:59:30Z' },
};
const state = async (more: Partial<typeof making> = {}) =>
  (
    await observeService(nobody, refused({ ...making, ...more }), {
      ...{ now, wasReady: true },
    })
  ).state;

describe('a service that the cluster starts no pods of', () => {
  it('is being updated while its new pods wait for the place of the old ones', async () => {
    expect(await state()).toBe('updating');
  });

  it.each([true, false])(
    'has not failed before the cluster has tried again, which was ready before: %s',
    async wasReady => {
      const found = await observeService(
        nobody,
        refused({
          ...{ ...making, revision: '1', since: '2026-11-30T11:59:55Z' },
          message: 'error looking up service account: not found',
        }),
        { now, wasReady },
      );
      expect(found).toMatchObject({
        state: wasReady ? 'updating' : 'starting',
        message: expect.stringContaining('service account: not found'),
      });
    },
  );

  it.each([
    ['it is new', { revision: '1' }],
    ['others are at its side while it is updated', { maxSurge: 1 }],
    ['it is refused for another reason', { message: 'violates PodSecurity' }],
    ['that has gone on for long', { since: '2026-11-30T11:58:00Z' }],
  ])('fails where %s', async (_, more) => {
    expect(await state(more)).toBe('failing');
  });
});

describe('a service whose pods are not ready', () => {
  const told = (observedGeneration: number, reason: string) => ({
    ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
    metadata: { name: 'api', namespace: 'env-demo', generation: 2 },
    spec: { replicas: 1, selector: { matchLabels: { app: 'api' } } },
    status: {
      ...{ observedGeneration, replicas: 1, updatedReplicas: 1 },
      conditions: [{ type: 'Progressing', status: 'True', reason }],
    },
  });
  const AVAILABLE = 'NewReplicaSetAvailable';

  it.each([
    ['the cluster has not seen what was applied', 1, AVAILABLE, 'updating'],
    ['its new pods are being started', 2, 'ReplicaSetUpdated', 'updating'],
    ['it had its pods and lost them', 2, AVAILABLE, 'starting'],
  ])(
    'in an environment that was ready, where %s',
    async (_, observed, reason, is) => {
      const deployment = told(observed, reason);
      const of = async (wasReady: boolean) =>
        (await observeService(nobody, deployment, { now, wasReady })).state;
      expect(await of(true)).toBe(is);
      expect(await of(false)).toBe('starting');
    },
  );
});

describe('a service whose pods wait for a Secret', () => {
  const deployment = {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
    metadata: { name: 'api', namespace: 'env-demo', generation: 1 },
    spec: { replicas: 1, selector: { matchLabels: { app: 'api' } } },
    status: { observedGeneration: 1 },
  };
  const pod = (creationTimestamp: string) => ({
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { name: 'api-1', uid: '1', creationTimestamp },
    status: {
      containerStatuses: [
        {
          name: 'api',
          state: {
            waiting: {
              reason: 'CreateContainerConfigError',
              message: 'secret "api" not found',
            },
          },
        },
      ],
    },
  });

  it.each([
    ['starts', 'while it may still come', '2026-11-30T11:59:50Z', 'starting'],
    ['fails', 'when it has not come', '2026-11-30T11:59:30Z', 'failing'],
  ])('%s %s', async (_, __, since, expected) => {
    const items = [pod(since)];
    const found = await observeService(
      { list: async () => ({ items, resourceVersion: '1' }) },
      ...([deployment, { now, wasReady: false }] as const),
    );
    expect(found).toMatchObject({
      state: expected,
      message: expect.stringContaining('secret "api" not found'),
    });
  });
});
