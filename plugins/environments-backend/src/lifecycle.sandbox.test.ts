import { describeWithSandbox } from '@highroad/sandbox/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { EnvironmentWorld, OWNER } from './__testUtils__/EnvironmentWorld';

jest.setTimeout(240_000);

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
          quota: { perTeam: 4, total: 5 },
          lifetime: { warnBefore: '10s', max: '1h' },
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
      await world.apply(name, { ttl: '15s' });
      const warned = await world.untilResource(
        name,
        ({ status }) => status.warnings.length > 0,
        'a warning',
      );
      expect(warned.deletedAt).toBeUndefined();
      expect(warned.status.warnings[0]).toMatch(/^It ends .* Extend it/);
      expect(await lateBy(name)).toBeLessThan(5_000);
      expect(world.expired).toContain(name);
      await world.untilGone(name);
    });

    it('ends in time also where nobody looked after it when it was due', async () => {
      const name = world.name('unseen');
      await world.apply(name, { ttl: '12s' });
      const { status } = await world.untilPhase(name, 'ready');
      await world.stop();
      const left = Date.parse(status.expiresAt ?? '') - Date.now();
      await pause(Math.max(0, left) + 500);
      const started = Date.now();
      await world.start();
      await world.untilResource(
        name,
        one => one.deletedAt !== undefined,
        'its end',
        20_000,
      );
      expect(Date.now() - started).toBeLessThan(5_000);
      await world.untilGone(name);
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
      await world.untilGone(name);
    });

    it('refuses one more than a team may have, names what to end, and takes it in when that has gone', async () => {
      const names = await Promise.all(
        [1, 2, 3, 4, 5].map(async () => {
          const name = world.name('full');
          await world.apply(name, { ttl: '30m' });
          return name;
        }),
      );
      const refused = async () => {
        const all = await Promise.all(names.map(name => world.get(name)));
        return all.filter(one => one?.status.phase === 'refused');
      };
      await world.until(
        async () => (await refused()).length === 1,
        'a refusal',
      );
      await world.until(async () => {
        const all = await Promise.all(names.map(name => world.get(name)));
        return all.filter(one => one?.status.phase === 'ready').length === 4;
      }, 'the four others');
      const [over] = await refused();
      expect(over?.status.message).toMatch(
        new RegExp(
          `^${OWNER} has 4 of the 4 environments that it may have. End one: full-.* UTC\\)`,
        ),
      );
      const taken = names.find(name => name !== over?.name) ?? '';
      await world.resources.delete({ home: home(), name: taken });
      await world.untilPhase(over?.name ?? '', 'ready', 120_000);
      for (const name of names) {
        await world.resources.delete({ home: home(), name });
      }
      for (const name of names) await world.untilGone(name, 120_000);
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
      await world.untilGone(name);
    });

    // A seeded sample; each number is how many writes of the first process reach the cluster.
    const seed = Number(process.env.TEST_SEED ?? 8);
    const samples = [1, 3 + (seed % 3), 7 + (seed % 2)];
    it.each(samples)(
      `comes to the same end when its process dies before a write, after %i (seed ${seed})`,
      async survived => {
        await world.stop();
        const name = world.name('killed');
        let left = Infinity;
        const mortal = await world.startAnother(`mortal-${name}`, {
          beforeWrite() {
            left -= 1;
            if (left < 0) throw new Error('This process has ended.');
          },
        });
        // It dies while it works, not while it installs what it needs.
        left = survived;
        await world.cluster.kubectl(
          ['apply', '--filename=-'],
          JSON.stringify({ ...world.manifest(name, { owner: OWNER }) }),
        );
        await world.until(() => left < 0, 'the death of a process', 30_000);
        await mortal.stop();
        await world.start();
        const { status } = await world.untilPhase(name, 'ready');
        expect(status.namespace).toBe(`env-${name}`);
        const namespaces = await world.cluster.kubectl([
          ...['get', 'namespaces', '--output=name'],
          `--selector=platform.myorg.com/environment-name=${name}`,
        ]);
        expect(namespaces.trim()).toBe(`namespace/env-${name}`);
        await world.resources.delete({ home: home(), name });
        await world.untilGone(name);
        expect(await world.object('namespace', `env-${name}`)).toBeUndefined();
      },
    );
  },
);
