import { describeWithSandbox } from '@highroad/sandbox/testing';
import { EnvironmentWorld } from './__testUtils__/EnvironmentWorld';

/** As many services as find room that do not say what they need. */
const NAMES = Array.from({ length: 8 }, (_, at) => `api-${at}`);

describeWithSandbox(
  'an environment that uses all that it may',
  ['cluster', 'simulated-node'],
  sandbox => {
    let world: EnvironmentWorld;

    beforeAll(async () => {
      world = new EnvironmentWorld({ cluster: await sandbox.cluster() });
      await world.start();
    });
    afterAll(async () => {
      await world.cleanUp();
    });

    it('is brought to new images all the same', async () => {
      const name = world.name('full');
      const services = (tag: string) => ({
        services: NAMES.map(one => ({ name: one, image: `myorg/api:${tag}` })),
      });
      await world.apply(name, services('1'));
      await world.untilPhase(name, 'ready');
      const phases = new Set<string | undefined>();
      const unlisten = world.resources.onChange(change => {
        if (change.type === 'applied' && change.resource.name === name) {
          phases.add(change.resource.status.phase);
        }
      });
      await world.apply(name, services('2'));
      const { status } = await world.untilResource(
        name,
        one =>
          one.status.observedGeneration === 2 && one.status.phase === 'ready',
        'the second images',
      );
      expect(status.services.map(({ image }) => image)).toEqual(
        NAMES.map(() => 'myorg/api:2'),
      );
      unlisten();
      expect([...phases].sort()).toEqual(['ready', 'updating']);
    });

    it('starts a service that asks for more memory than others may use, without a limit of its own', async () => {
      const name = world.name('asks');
      await world.apply(name, {
        services: [
          {
            ...{ name: 'api', image: 'myorg/api:1' },
            resources: { requests: { cpu: '750m', memory: '1Gi' } },
          },
        ],
      });
      const { status } = await world.untilPhase(name, 'ready');
      expect(status.services).toMatchObject([{ name: 'api', ready: 1 }]);
    });
  },
);
