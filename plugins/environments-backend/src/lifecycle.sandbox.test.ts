import { describeWithSandbox } from '@highroad/sandbox/testing';
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { EnvironmentWorld, OWNER } from './__testUtils__/EnvironmentWorld';
import { Life, MortalClient } from './__testUtils__/MortalProcess';
import { processIdentity } from './controller/processIdentity';

jest.setTimeout(180_000);

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
      await world.until(() => world.expired.includes(name), 'the record');
      await world.untilGone(name);
    });

    it('ends in time, and is its owner’s, also where its spec can’t be read any more', async () => {
      const name = world.name('unreadable');
      await world.apply(name, { ttl: '20s' });
      const made = await world.untilPhase(name, 'ready');
      const env = [{ name: 'A', value: '${nope}' }];
      const [service] = world.manifest(name, {}).spec.services;
      await world.cluster.kubectl([
        ...['patch', 'environment', name, `--namespace=${home()}`],
        ...['--type=merge', '--patch'],
        JSON.stringify({ spec: { services: [{ ...service, env }] } }),
      ]);
      const { status, problem } = await world.untilPhase(name, 'refused');
      expect(problem).toContain('nope');
      expect(status).toMatchObject({
        owner: OWNER,
        expiresAt: made.status.expiresAt,
      });
      expect(await lateBy(name)).toBeLessThan(5_000);
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

    it.each([
      ['on this machine', true],
      ['on another machine, of which nobody can be certain', false],
    ])(
      'ends within 5 s of its time where whoever looked after it is killed just before (%s) and another starts just after',
      async (_where, isHere) => {
        await world.stop();
        const name = world.name('orphaned');
        const life = new Life();
        const child = spawn(process.execPath, [
          '-e',
          'setInterval(() => {}, 9e5)',
        ]);
        const here = processIdentity(child.pid ?? 0, name);
        const identity = isHere ? here : `elsewhere/${here}`;
        const killed = await world.startAnother(identity, {
          client: new MortalClient({ config: world.kubeConfig(), life }),
          usualLease: true,
        });
        await world.until(() => killed.controller.leading, 'a leader');
        const at = `--namespace=${home()}`;
        await world.cluster.kubectl(
          ['apply', '--filename=-', at],
          JSON.stringify(world.manifest(name, { ttl: '8s', owner: OWNER })),
        );
        const told = async () =>
          world.cluster.kubectl([
            ...['get', 'environment', name, at],
            '--output=jsonpath={.status.expiresAt}',
          ]);
        await world.until(told, 'its end to be known');
        const end = Date.parse(await told());
        await pause(Math.max(0, end - Date.now() - 500));
        // It lets go of nothing, as when a process is killed.
        life.die();
        child.kill('SIGKILL');
        await pause(600);

        let endedAt = NaN;
        const next = await world.startAnother('next', {
          client: world.client((method, path) => {
            if (method === 'DELETE' && path.endsWith(`/${name}`)) {
              endedAt = Math.min(Date.now(), endedAt || Infinity);
            }
          }),
          usualLease: true,
        });
        try {
          await world.until(
            async () =>
              world.cluster.kubectl([
                ...['get', 'environment', name, at, '--ignore-not-found'],
                '--output=jsonpath={.metadata.deletionTimestamp}',
              ]),
            'its end',
            30_000,
          );
        } finally {
          await killed.stop();
          await next.stop();
          await world.start();
        }
        // Nobody was there to end it before its time.
        expect(endedAt - end).toBeGreaterThan(0);
        expect(endedAt - end).toBeLessThan(5_000);
        await world.untilGone(name);
      },
    );

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
