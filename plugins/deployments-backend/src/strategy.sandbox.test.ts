import { Step } from '@highroad/plugin-deployments-common';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { asRollout } from './__testUtils__/cartRepository';
import { OutsideWorld } from './__testUtils__/OutsideWorld';
import { until } from './__testUtils__/until';

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

    it('says that a canary is not judged where Argo Rollouts may not ask Prometheus', async () => {
      const place = await world.newPlace({
        environment: {
          strategy: 'canary',
          conditions: [{ name: 'error-rate', query: 'vector(0)', max: 0.05 }],
        },
        prometheus: { url: 'http://127.0.0.1:1', token: 'secret' },
      });
      const portal = await place.start();
      await portal.deploy('first');
      const [{ id }] = await portal.list();
      const manifests = async () => {
        const { deployment } = await portal.ask(`deployments/${id}`);
        const { steps }: { steps: Step[] } = deployment;
        return steps.find(({ name }) => name === 'manifests');
      };
      await until(async () => (await manifests())?.state === 'succeeded');
      const evidence = (await manifests())?.evidence;
      await portal.stop();
      expect(evidence).toContainEqual(
        expect.stringMatching(/^Rollout cart: not judged by error-rate before/),
      );
    });
  },
);
