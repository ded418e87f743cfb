import { KubernetesObject } from './KubernetesObject';
import { withoutEmptyTexts } from './withoutEmptyTexts';

const rollout = (metadata: object): KubernetesObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  metadata: { name: 'cart' },
  spec: {
    template: {
      metadata,
      spec: { containers: [{ name: 'cart', image: 'ghcr.io/acme/cart' }] },
    },
  },
});
const labels = { app: 'cart' };

describe('withoutEmptyTexts', () => {
  it('leaves out annotations and labels without any', () => {
    expect(withoutEmptyTexts(rollout({ labels, annotations: {} }))).toEqual(
      rollout({ labels }),
    );
    expect(
      withoutEmptyTexts(rollout({ labels: {}, annotations: null })),
    ).toEqual(rollout({}));
  });

  it('keeps what says something', () => {
    const annotations = { colour: 'red' };
    const object = rollout({ labels, annotations, namespace: 'shop' });
    expect(withoutEmptyTexts(object)).toEqual(object);
  });

  it('leaves alone what has no pods, and templates that cannot be read', () => {
    const config: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'cart', annotations: {} },
    };
    expect(withoutEmptyTexts(config)).toBe(config);
    const broken = { ...rollout({}), spec: { template: { metadata: {} } } };
    expect(withoutEmptyTexts(broken)).toEqual(broken);
  });
});
