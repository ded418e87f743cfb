import { describeWithSandbox } from '@highroad/sandbox/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { EnvironmentWorld } from './__testUtils__/EnvironmentWorld';

jest.setTimeout(120_000);

describeWithSandbox(
  'the life of an environment',
  ['cluster', 'simulated-node'],
  sandbox => {
    let world: EnvironmentWorld;
    const home = () => world.settings.namespace;

    beforeAll(async () => {
      world = new EnvironmentWorld({
        cluster: await sandbox.cluster(),
        settings: {
          lifetime: { warnBefore: '1h', max: '1h' },
        },
      });
      await world.start();
    });
    afterAll(async () => {
      await world.cleanUp();
    });

    /** How long after its end an environment began to go, in milliseconds. */
    const lateBy = async (name: string) => {
      const going = await world.untilResource(
        name,
        one => one.deletedAt !== undefined,
        `the end of ${name}`,
        60_000,
      );
      const end = Date.parse(going.status.expiresAt ?? '');
      return (going.deletedAt?.getTime() ?? NaN) - end;
    };

    it('ends within 5 s of its time, is warned of before, and recorded', async () => {
      const name = world.name('short');
      await world.apply(name, { ttl: '9s' });
      const warned = await world.untilResource(
        name,
        ({ status }) => status.warnings.length > 0,
        'a warning',
      );
      expect(warned.deletedAt).toBeUndefined();
      const half = warned.createdAt.getTime() + 4_500;
      expect(Date.now()).toBeGreaterThanOrEqual(half - 1_000);
      expect(warned.status.warnings[0]).toMatch(/^It ends .* Extend it/);
      expect(await lateBy(name)).toBeLessThan(5_000);
      expect(world.expired).toContain(name);
      await world.untilGone(name);
    });

    it('ends in time also where nobody looked after it when it was due', async () => {
      const name = world.name('unseen');
      await world.apply(name, { ttl: '7s' });
      const { status } = await world.untilResource(
        name,
        one => one.status.expiresAt !== undefined,
        'its end to be known',
      );
      await world.stop();
      const left = Date.parse(status.expiresAt ?? '') - Date.now();
      await pause(Math.max(0, left) + 500);
      await world.start();
      const started = Date.now();
      await world.untilResource(
        name,
        one => one.deletedAt !== undefined,
        'its end',
        20_000,
      );
      expect(Date.now() - started).toBeLessThan(5_000);
    });

    it('stays as long as it was extended or kept, also when its manifest is applied again', async () => {
      const name = world.name('longer');
      const resource = await world.apply(name, { ttl: '20s' });
      const until = new Date(Date.now() + 1_800_000);
      await world.resources.extend(resource, until);
      await world.apply(name, { ttl: '20s' });
      const extended = await world.untilResource(
        name,
        ({ status }) => status.expiresAt === until.toISOString(),
        'the extension',
      );
      expect(extended.deletedAt).toBeUndefined();
      await world.resources.keep(resource, true);
      await world.apply(name, { ttl: '20s' });
      const kept = await world.untilResource(
        name,
        ({ status }) => status.phase === 'ready' && !status.expiresAt,
        'no end',
      );
      expect(kept.labels['platform.myorg.com/keep']).toBe('true');
      await world.resources.delete({ home: home(), name });
    });

    it('goes on under another process when the one that works ends', async () => {
      const other = await world.startAnother('the-other');
      const name = world.name('handed');
      await world.apply(name);
      await world.untilPhase(name, 'ready');
      expect(other.controller.leading).toBe(false);
      await world.stop();
      await world.until(
        () => other.controller.leading,
        'the other to lead',
        10_000,
      );
      await world.cluster.kubectl([
        ...['scale', 'deployment', 'api', '--replicas=2'],
        `--namespace=env-${name}`,
      ]);
      const repaired = async () =>
        (await world.object('deployment', 'api', `env-${name}`))?.spec
          ?.replicas === 1;
      await world.until(repaired, 'the repair');
      await other.stop();
      await world.start();
      await world.resources.delete({ home: home(), name });
    });
  },
);
    it('stays for a while where a change would have ended it at once', async () => {
      const name = world.name('unkept');
      const made = await world.apply(name, { ttl: '5s', keep: true });
      const up = made.createdAt.getTime() + 5_000;
      await world.untilPhase(name, 'ready');
      await pause(Math.max(0, up - Date.now()) + 1_000);
      const changed = Date.now();
      await world.apply(name, { ttl: '5s', keep: false });
      const { status, deletedAt } = await world.untilResource(
        name,
        one => one.status.expiresAt !== undefined,
        'an end',
      );
      expect(deletedAt).toBeUndefined();
      const end = Date.parse(status.expiresAt ?? '');
      expect(end).toBeGreaterThanOrEqual(changed + 4_500);
      expect(status.endsNotBefore).toBe(status.expiresAt);
      expect(status.warnings).toEqual([expect.stringMatching(/^It ends /)]);
      expect(await lateBy(name)).toBeLessThan(5_000);
    });

