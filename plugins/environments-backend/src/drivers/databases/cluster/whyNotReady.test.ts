import { whyNotReady } from './whyNotReady';

/** As the cluster gives it, but for what the test says. */
const pod = (status: object, metadata: object = {}) => ({
  metadata: {
    ...{ name: 'main-0', uid: 'u', ...metadata },
    creationTimestamp: '2026-01-01T00:00:00Z',
  },
  status,
});
const is = (type: string, status: string, message?: string) => ({
  conditions: [{ type, status, message }],
});
const waiting = (state: object, restartCount = 0) => ({
  containerStatuses: [{ name: 'postgres', restartCount, state }],
});

describe('why the pod of a database takes no connections', () => {
  it.each([
    ['Its pod is being started.', undefined],
    ['Its pod is being started.', pod({})],
    [undefined, pod(is('Ready', 'True'))],
    [
      'Its pod is being ended.',
      pod(is('Ready', 'True'), { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    ],
    [
      'Its pod has no place in the cluster: 0/1 nodes',
      pod(is('PodScheduled', 'False', '0/1 nodes')),
    ],
    [
      'Its pod does not start: ErrImagePull, not found.',
      pod(
        waiting({ waiting: { reason: 'ErrImagePull', message: 'not found' } }),
      ),
    ],
    [
      'Its pod is being started.',
      pod(waiting({ waiting: { reason: 'ContainerCreating' } })),
    ],
    [
      'Its pod was started again (2 times) and is not ready yet.',
      pod(waiting({ running: {} }, 2)),
    ],
  ])('is said as "%s"', (words, found) => {
    expect(whyNotReady(found)).toBe(words);
  });
});
