import { targetsOf } from './podTargets';

const pod = (name: string, more: object = {}) => ({
  metadata: {
    name,
    namespace: 'shop',
    labels: { 'app.kubernetes.io/name': 'cart' },
  },
  spec: {
    containers: [
      { ports: [{ name: 'admin', containerPort: 9000 }] },
      { ports: [{ name: 'http', containerPort: 8080 }] },
    ],
  },
  status: { podIP: '10.0.0.7' },
  ...more,
});

describe('targetsOf', () => {
  it('names the port called "http" of each pod, with whose it is', () => {
    expect(targetsOf({ items: [pod('cart-1')] })).toEqual([
      {
        targets: ['10.0.0.7:8080'],
        labels: { namespace: 'shop', pod: 'cart-1', service: 'cart' },
      },
    ]);
  });

  it('leaves out pods without an address yet, and without such a port', () => {
    const items = [
      pod('starting', { status: {} }),
      pod('worker', { spec: { containers: [{}] } }),
    ];
    expect(targetsOf({ items })).toEqual([]);
  });
});
