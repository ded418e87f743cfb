import { failureOf } from './failureOf';
import { Pod } from './PodReader';

const BORN = new Date('2026-01-01T12:00:00.000Z');
const later = async () => new Date(BORN.getTime() + 120_000);

function pod(name: string, status: Partial<Pod['status']>): Pod {
  return {
    metadata: { name, creationTimestamp: BORN, labels: {} },
    status: {
      conditions: [],
      containerStatuses: [],
      initContainerStatuses: [],
      ...status,
    },
  };
}

const homeless = (name: string) =>
  pod(name, {
    conditions: [
      { type: 'PodScheduled', status: 'False', message: '0/3 nodes' },
    ],
  });
const waiting = (name: string, reason: string) =>
  pod(name, {
    containerStatuses: [
      {
        ...{ name: 'cart', restartCount: 0, ready: false, lastState: {} },
        state: { waiting: { reason, message: 'not found' } },
      },
    ],
  });

describe('why pods fail', () => {
  it.each(['ImagePullBackOff', 'CreateContainerConfigError'])(
    'is what the version is to blame for where another pod has no node, whichever comes first: %s',
    async reason => {
      const list = [homeless('cart-1'), waiting('cart-2', reason)];
      for (const some of [list, [...list].reverse()]) {
        const failure = await failureOf({ list: some }, later);
        expect(failure?.summary).toContain(`(${reason})`);
        expect(failure?.lacksNode).toBeUndefined();
        expect(failure?.evidence).toEqual(['cart-2: not found']);
      }
    },
  );

  it('is the want of a node where nothing else fails', async () => {
    const list = [
      pod('cart-0', {}),
      homeless('cart-1'),
      homeless('cart-2'),
      waiting('cart-3', 'ContainerCreating'),
    ];
    expect(await failureOf({ list }, later)).toEqual({
      summary: 'No node takes the pods',
      lacksNode: true,
      evidence: ['cart-1: 0/3 nodes'],
    });
  });

  it('is nothing while there is time for a node or a Secret to come', async () => {
    const list = [
      homeless('cart-1'),
      waiting('cart-2', 'CreateContainerConfigError'),
    ];
    expect(await failureOf({ list }, async () => BORN)).toBeUndefined();
  });
});
