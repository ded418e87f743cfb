import { describeWithSandbox } from '@highroad/sandbox/testing';
import { EnvironmentWorld } from './__testUtils__/EnvironmentWorld';

const HOUR = 3_600_000;

describeWithSandbox(
  'an environment whose time counts from when something was last done with it',
  ['cluster', 'simulated-node'],
  sandbox => {
    let world: EnvironmentWorld;

    beforeAll(async () => {
      world = new EnvironmentWorld({
        cluster: await sandbox.cluster(),
        settings: { lifetime: { countFrom: 'activity' } },
      });
      await world.start();
    });
    afterAll(async () => {
      await world.cleanUp();
    });

    it('lives on from the change of its manifest by kubectl, and not from what is marked on it', async () => {
      const name = world.name('active');
      const made = await world.apply(name, { ttl: '1h' });
      const { status } = await world.untilPhase(name, 'ready');
      const first = made.createdAt.getTime() + HOUR;
      expect(Date.parse(status.expiresAt ?? '')).toBe(first);
      const kubectl = (...command: string[]) =>
        world.cluster.kubectl([
          ...command,
          `--namespace=${world.settings.namespace}`,
        ]);
      // The cluster notes down whole seconds.
      await world.until(
        () => Date.now() > made.createdAt.getTime() + 3_000,
        'another second',
      );
      await kubectl('annotate', 'environment', name, 'example.com/seen=yes');
      await world.untilResource(
        name,
        one => one.annotations['example.com/seen'] === 'yes',
        'the mark',
      );
      const marked = await world.lookAgain(await world.restart(), name);
      expect(marked).toBeGreaterThan(0);
      expect((await world.get(name))?.status.expiresAt).toBe(status.expiresAt);

      const changedAt = Date.now();
      await kubectl(
        ...['patch', 'environment', name, '--type=merge', '--patch'],
        JSON.stringify({ spec: { databases: [], revision: 'main' } }),
      );
      const changed = await world.untilResource(
        name,
        one => one.status.observedGeneration === 2,
        'the change',
      );
      const end = Date.parse(changed.status.expiresAt ?? '');
      expect(end).toBeGreaterThan(first);
      expect(Math.abs(end - changedAt - HOUR)).toBeLessThan(30_000);
    });
  },
);
