import { KubernetesObject } from '@highroad/plugin-platform-node/kubernetes';
import { inRoom } from './roomForUpdates';

const LIMITS = { cpu: '4', memory: '8Gi', pods: 40 };
const IN_PLACE = {
  type: 'RollingUpdate',
  rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
};

function workload(
  more: object = {},
  { limits = {}, ...pod }: { limits?: object; initContainers?: object[] } = {},
): KubernetesObject {
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
    metadata: { name: 'api' },
    spec: {
      replicas: 1,
      template: {
        spec: { containers: [{ name: 'api', resources: { limits } }], ...pod },
      },
      ...more,
    },
  };
}
const many = (count: number, make = () => workload()) =>
  Array.from({ length: count }, make);
const inPlace = (all: KubernetesObject[], besides: KubernetesObject[] = []) =>
  inRoom(all, besides, LIMITS).map(
    ({ spec }) =>
      typeof spec === 'object' && spec !== null && 'strategy' in spec,
  );

describe('how what runs is updated', () => {
  it('is with one pod more, where there is room for one more of each', () => {
    const four = many(4);
    // With as many new ones, 8 times 500m.
    expect(inRoom(four, [], LIMITS)).toBe(four);
  });

  it('is in its place where there is none', () => {
    const five = inRoom(many(5), [], LIMITS);
    expect(five).toHaveLength(5);
    for (const { spec } of five) {
      expect(spec).toMatchObject({ replicas: 1, strategy: IN_PLACE });
    }
  });

  it.each([
    ['CPU', many(2, () => workload({}, { limits: { cpu: '1500m' } }))],
    ['memory', many(3, () => workload({}, { limits: { memory: '1.5Gi' } }))],
    [
      'pods',
      [workload({ replicas: 33 }, { limits: { cpu: '10m', memory: '1Mi' } })],
    ],
    [
      'what runs before the others',
      many(2, () =>
        workload(
          {},
          {
            initContainers: [
              { name: 'migrate', resources: { requests: { cpu: 3 } } },
            ],
          },
        ),
      ),
    ],
    [
      'as many new pods as it says',
      [
        workload({
          ...{ replicas: 4 },
          strategy: { rollingUpdate: { maxSurge: '200%' } },
        }),
      ],
    ],
  ])('counts %s', (_, all) => {
    expect(inPlace(all)).toEqual(all.map(() => true));
  });

  it('counts the servers of databases, which are not updated beside it', () => {
    const server = workload({}, { limits: { cpu: 3 } });
    expect(inPlace([workload()], [server])).toEqual([false]);
    expect(inPlace([workload(), workload()], [server])).toEqual([true, true]);
  });

  it('stays what a repository says where that takes no more room, or cannot be read', () => {
    const recreated = workload({ strategy: { type: 'Recreate' } });
    const odd = workload({ strategy: 'quickly' });
    const all = inRoom([recreated, odd, ...many(9)], [], LIMITS);
    expect(all[0]).toBe(recreated);
    expect(all[1]).toBe(odd);
  });
});
