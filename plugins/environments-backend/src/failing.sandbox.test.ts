import { describeWithSandbox } from '@highroad/sandbox/testing';
import { EnvironmentWorld } from './__testUtils__/EnvironmentWorld';

describeWithSandbox(
  'an environment that cannot be looked after',
  ['cluster', 'simulated-node'],
  sandbox => {
    let world: EnvironmentWorld;

    beforeAll(async () => {
      world = new EnvironmentWorld({
        cluster: await sandbox.cluster(),
        settings: { imagePullSecret: 'registry' },
      });
      await world.start();
    });
    afterAll(async () => {
      await world.cleanUp();
    });

    it('ends in time all the same', async () => {
      const name = world.name('ending');
      // Its looks are further apart by then than it may be late.
      await world.apply(name, { ttl: '30s' });
      const { createdAt, deletedAt } = await world.untilResource(
        name,
        one => one.deletedAt !== undefined,
        'its end',
        60_000,
      );
      const lived = (deletedAt?.getTime() ?? NaN) - createdAt.getTime();
      expect(lived).toBeGreaterThanOrEqual(30_000);
      expect(lived).toBeLessThan(35_000);
      await world.untilGone(name);
    });

    it('says why, and is as it should be once that is mended', async () => {
      const name = world.name('failing');
      await world.apply(name);
      const missing = `There is no Secret registry in ${world.settings.namespace}`;
      const failing = await world.untilResource(
        name,
        ({ status }) => status.conditions.length > 0,
        'why it is not made',
      );
      expect(failing.status).toMatchObject({
        phase: 'provisioning',
        message: expect.stringContaining(missing),
        conditions: [
          {
            ...{ type: 'Reconciled', status: 'False', reason: 'Failing' },
            message: expect.stringContaining(missing),
          },
        ],
      });
      expect(failing.status.observedGeneration).toBeUndefined();

      await world.cluster.kubectl([
        ...['create', 'secret', 'generic', 'registry', '--from-literal=a=b'],
        `--namespace=${world.settings.namespace}`,
      ]);
      const { status } = await world.untilPhase(name, 'ready', 90_000);
      expect(status.conditions.map(({ type }) => type)).not.toContain(
        'Reconciled',
      );
      expect(status.message).toMatch(/^It is ready at /);
    });
  },
);
