import { lostPods } from './lostPods';
import { Pod } from './PodReader';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));

function pod(
  name: string,
  options: {
    ready: boolean;
    since: number;
    containers: Array<{ ready: boolean; started?: number }>;
  },
): Pod {
  const { ready, since, containers } = options;
  return {
    metadata: { name, creationTimestamp: at(0), labels: {} },
    status: {
      conditions: [
        {
          ...{ type: 'Ready', status: ready ? 'True' : 'False' },
          lastTransitionTime: at(since),
        },
      ],
      initContainerStatuses: [],
      containerStatuses: containers.map((one, number) => ({
        ...{ name: `c-${number}`, ready: one.ready, restartCount: 0 },
        state:
          one.started === undefined
            ? { waiting: { reason: 'ContainerCreating' } }
            : { running: { startedAt: at(one.started) } },
        lastState: {},
      })),
    },
  };
}

describe('pods that were ready and are not any more', () => {
  it('are those that said so again after their containers had started', () => {
    const started = [{ ready: false, started: 3 }];
    const sidecar = { ready: true, started: 4 };
    expect(
      lostPods([
        pod('lost', { ready: false, since: 60, containers: started }),
        pod('one-of-two', {
          ...{ ready: false, since: 60 },
          containers: [sidecar, ...started],
        }),
      ]),
    ).toEqual(['lost', 'one-of-two']);
  });

  it('are not those that are ready, new, not started yet, or on a node that is gone', () => {
    expect(
      lostPods([
        pod('ready', {
          ...{ ready: true, since: 9 },
          containers: [{ ready: true, started: 3 }],
        }),
        pod('new', {
          ...{ ready: false, since: 1 },
          containers: [{ ready: false, started: 3 }],
        }),
        pod('new-within-a-second', {
          ...{ ready: false, since: 1 },
          containers: [{ ready: false, started: 1 }],
        }),
        pod('creating', {
          ...{ ready: false, since: 1 },
          containers: [{ ready: false }],
        }),
        pod('node-is-gone', {
          ...{ ready: false, since: 60 },
          containers: [{ ready: true, started: 3 }],
        }),
      ]),
    ).toEqual([]);
  });
});
