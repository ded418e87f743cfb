import { InputError } from '@backstage/errors';
import { KubernetesObject } from '@highroad/plugin-platform-node/manifests';
import { addStrategy, strategyOf } from './strategy';

const rollout = (spec: object = {}): KubernetesObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  metadata: { name: 'cart' },
  spec: { replicas: 2, ...spec },
});
const service = (name: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
});
const deployment: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'worker' },
  spec: {},
};

describe('the strategy of an environment', () => {
  it('is taken by a Rollout that names none, which is said', () => {
    const { objects, added } = addStrategy(
      [service('cart'), rollout(), deployment],
      'canary',
    );
    expect(objects[1].spec).toMatchObject({
      replicas: 2,
      strategy: {
        canary: {
          steps: [
            { setWeight: 10 },
            { pause: { duration: '1m' } },
            { setWeight: 50 },
            { pause: { duration: '1m' } },
          ],
        },
      },
    });
    expect(objects[2]).toBe(deployment);
    expect(added).toEqual(['Rollout cart: canary, as its environment has it']);
  });

  it('is a canary without steps where it is rolling, and leads the one Service where it is blue-green', () => {
    const of = (strategy: 'rolling' | 'blue-green') =>
      addStrategy([service('shop'), rollout({ strategy: {} })], strategy)
        .objects[1].spec;
    expect(of('rolling')).toMatchObject({ strategy: { canary: {} } });
    expect(of('blue-green')).toMatchObject({
      strategy: { blueGreen: { activeService: 'shop' } },
    });
  });

  it('is refused where it is not clear which Service it leads', () => {
    expect(() =>
      addStrategy([service('a'), service('b'), rollout()], 'blue-green'),
    ).toThrow(/needs one Service; there are 2\. Write spec\.strategy/);
  });

  it('changes nothing that names its own, and nothing where there is none', () => {
    const own = [rollout({ strategy: { canary: { steps: [] } } })];
    expect(addStrategy(own, 'blue-green')).toEqual({ objects: own, added: [] });
    const none = [rollout()];
    expect(addStrategy(none, undefined)).toEqual({ objects: none, added: [] });
  });
});

it.each([
  ['rolling', [deployment]],
  ['rolling', [rollout({ strategy: { canary: {} } })]],
  ['rolling', [rollout({ strategy: { canary: { steps: null } } })]],
  ['canary', [deployment, rollout({ strategy: { canary: { steps: [{}] } } })]],
  [
    'blue-green',
    [rollout({ strategy: { blueGreen: { activeService: 'a' } } })],
  ],
])('the strategy of manifests is told: %s', (strategy, objects) => {
  expect(strategyOf(objects)).toBe(strategy);
});

it('a Rollout that cannot be read is refused with the field that is wrong', () => {
  const objects = [rollout({ strategy: { canary: { steps: { 1: {} } } } })];
  const why =
    'Rollout cart cannot be read: spec.strategy.canary.steps: Expected array, received object. Correct it in the manifests.';
  expect(() => strategyOf(objects)).toThrow(new InputError(why));
  expect(() => addStrategy(objects, 'canary')).toThrow(new InputError(why));
});
