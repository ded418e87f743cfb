import { usesSecret } from './usesSecret';

describe('which pods use a Secret', () => {
  it.each([
    [{ containers: [{ envFrom: [{ secretRef: { name: 'cart' } }] }] }, true],
    [
      {
        initContainers: [
          {
            env: [{ valueFrom: { secretKeyRef: { name: 'cart', key: 'A' } } }],
          },
        ],
      },
      true,
    ],
    [{ volumes: [{ secret: { secretName: 'cart' } }] }, true],
    [
      { volumes: [{ projected: { sources: [{ secret: { name: 'cart' } }] } }] },
      true,
    ],
    [{ containers: [{ envFrom: [{ secretRef: { name: 'other' } }] }] }, false],
    [{ containers: [{ env: [{}], envFrom: [{}] }], volumes: [{}] }, false],
    [undefined, false],
  ])('%j: %s', (pod, uses) => {
    expect(usesSecret(pod, 'cart')).toBe(uses);
  });

  it.each([
    [{ containers: [{ envFrom: [{ secretRef: { name: 'cart' } }] }] }, true],
    [
      {
        containers: [
          {
            env: [{ valueFrom: { secretKeyRef: { name: 'cart', key: 'A' } } }],
          },
        ],
      },
      true,
    ],
    [
      {
        containers: [
          {
            env: [{ valueFrom: { secretKeyRef: { name: 'cart', key: 'C' } } }],
          },
        ],
      },
      false,
    ],
    [{ volumes: [{ secret: { secretName: 'cart' } }] }, true],
    [
      { volumes: [{ secret: { secretName: 'cart', items: [{ key: 'B' }] } }] },
      true,
    ],
    [
      { volumes: [{ secret: { secretName: 'cart', items: [{ key: 'C' }] } }] },
      false,
    ],
    [
      {
        volumes: [
          {
            projected: {
              sources: [{ secret: { name: 'cart', items: [{ key: 'C' }] } }],
            },
          },
        ],
      },
      false,
    ],
  ])(
    'is told by the keys A and B where that can be told: %j: %s',
    (pod, uses) => {
      expect(usesSecret(pod, 'cart', ['A', 'B'])).toBe(uses);
      // The control: of any key they do.
      expect(usesSecret(pod, 'cart')).toBe(true);
    },
  );
});
