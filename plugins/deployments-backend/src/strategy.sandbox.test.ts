import { describeWithSandbox } from '@highroad/sandbox/testing';
import { OutsideWorld } from './__testUtils__/OutsideWorld';

jest.setTimeout(120_000);

/** A Rollout that leaves to its environment how it is shifted. */
const asRollout = (workload: string) =>
  workload
    .replace('apiVersion: apps/v1', 'apiVersion: argoproj.io/v1alpha1')
    .replace('kind: Deployment', 'kind: Rollout');

describeWithSandbox(
  'a Rollout that names no strategy',
  ['cluster', 'registry'],
  sandbox => {
    let world: OutsideWorld;

    beforeAll(async () => {
      world = await OutsideWorld.create(
        sandbox,
        { first: {} },
        { first: asRollout },
      );
    });
    afterAll(() => world?.end());

    it.each([
      ['canary', 'canary', '{"steps":[{"setWeight":10}'],
      ['rolling', 'rolling', '{}'],
    ])(
      'is shifted as its environment has it: %s',
      async (strategy, shown, canary) => {
        const place = await world.newPlace({ environment: { strategy } });
        const portal = await place.start();
        await portal.deploy('first');
        const [{ id, state }] = await portal.settle();
        const { deployment } = await portal.ask(`deployments/${id}`);
        await portal.stop();
        expect([state, deployment.strategy]).toEqual(['succeeded', shown]);
        expect(deployment.steps).toContainEqual(
          expect.objectContaining({
            name: 'manifests',
            evidence: expect.arrayContaining([
              `Rollout cart: ${strategy}, as its environment has it`,
            ]),
          }),
        );
        expect(
          await place.kubectl([
            ...['get', 'rollout', 'cart', '-o'],
            'jsonpath={.spec.strategy.canary}',
          ]),
        ).toContain(canary);
      },
    );
  },
);
