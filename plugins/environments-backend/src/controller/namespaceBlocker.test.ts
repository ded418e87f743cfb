import { namespaceBlocker } from './namespaceBlocker';

const namespace = (conditions: object[], finalizers: string[] = []) => ({
  ...{ apiVersion: 'v1', kind: 'Namespace' },
  metadata: { name: 'env-demo', finalizers },
  status: { conditions },
});
const remaining = {
  ...{ type: 'NamespaceContentRemaining', status: 'True' },
  message: 'pods. has 1 resource instances',
};

describe('what keeps a namespace from going', () => {
  it('is what the cluster says is left, and finalizers', () => {
    expect(
      namespaceBlocker(namespace([remaining], ['example.com/hold']), {
        silentTooLong: true,
      }),
    ).toBe(
      'pods. has 1 resource instances; the namespace has the finalizer example.com/hold',
    );
  });

  it('is that the cluster says nothing, where it should have by now', () => {
    const silent = namespace([{ ...remaining, status: 'False' }]);
    expect(namespaceBlocker(silent, { silentTooLong: false })).toBeUndefined();
    expect(namespaceBlocker(silent, { silentTooLong: true })).toMatch(
      /controller manager.*down or behind/,
    );
  });
});
