import { usesSecret } from './usesSecret';

describe('which pods use a Secret', () => {
  it.each([
    [{ containers: [{ envFrom: [{ secretRef: { name: 'cart' } }] }] }, true],
    [
      {
        initContainers: [
          { env: [{ valueFrom: { secretKeyRef: { name: 'cart' } } }] },
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
});
