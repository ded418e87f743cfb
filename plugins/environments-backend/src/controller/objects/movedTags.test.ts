import { KubernetesObject } from '@highroad/plugin-platform-node/kubernetes';
import { digestAmong, mayMove, withDigest } from './movedTags';

const COMMIT = 'c0ffee0000000000000000000000000000000000';
const DIGEST = `sha256:${'a'.repeat(64)}`;
const IMAGE = 'reg.test/cart:pr-12';

it.each([
  [IMAGE, true],
  ['reg.test/cart', true],
  [`reg.test/cart:main-${COMMIT.slice(0, 7)}`, true],
  [`reg.test/cart:${COMMIT}`, false],
  [`reg.test/cart:pr-12-${COMMIT}`, false],
  [`reg.test/cart:1@${DIGEST}`, false],
])('knows whether %s may lead to another image some day: %s', (image, may) => {
  expect(mayMove(image)).toBe(may);
});

it('has every container run what a tag leads to that runs this image, and no other', () => {
  const workload: KubernetesObject = {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
    metadata: { name: 'cart' },
    spec: {
      replicas: 1,
      template: {
        spec: {
          initContainers: [{ name: 'migrate', image: IMAGE }],
          containers: [
            { name: 'cart', image: IMAGE, env: [] },
            { name: 'proxy', image: 'reg.test/proxy:1' },
          ],
        },
      },
    },
  };
  expect(withDigest([workload], IMAGE, DIGEST)).toMatchObject([
    {
      spec: {
        replicas: 1,
        template: {
          spec: {
            initContainers: [{ image: `${IMAGE}@${DIGEST}` }],
            containers: [
              { image: `${IMAGE}@${DIGEST}`, env: [] },
              { image: 'reg.test/proxy:1' },
            ],
          },
        },
      },
    },
  ]);
});

it('finds again what a tag led to when it was chosen', () => {
  expect(digestAmong(['reg.test/a:1', `${IMAGE}@${DIGEST}`], IMAGE)).toBe(
    DIGEST,
  );
  expect(digestAmong([`${IMAGE}4@${DIGEST}`, IMAGE], IMAGE)).toBeUndefined();
});
