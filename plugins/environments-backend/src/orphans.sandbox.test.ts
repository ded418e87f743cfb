import { mockServices } from '@backstage/backend-test-utils';
import { KIND } from '@highroad/plugin-environments-common';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { Client, escapeIdentifier } from 'pg';
import { EnvironmentWorld } from './__testUtils__/EnvironmentWorld';
import { ServerDriver } from './drivers/databases/server/ServerDriver';
import { until } from './pullRequests/__testUtils__/until';
import { OrphanDatabases } from './service/OrphanDatabases';
import { Orphans } from './service/Orphans';

jest.setTimeout(180_000);

describeWithSandbox(
  'what is left of environments that are gone',
  ['cluster', 'simulated-node', 'postgres'],
  sandbox => {
    let world: EnvironmentWorld;
    let orphans: Orphans;
    let orphanDatabases: OrphanDatabases;
    let admin: Client;
    const { signal } = new AbortController();

    beforeAll(async () => {
      const { host, port, user, password } = sandbox.connection.postgres;
      const settings = { host, port, user, password, database: 'postgres' };
      const drivers = new Map([
        ['server', new ServerDriver({ settings: { ...settings, ssl: false } })],
      ]);
      world = new EnvironmentWorld({
        cluster: await sandbox.cluster(),
        drivers,
      });
      const client = world.client();
      orphans = new Orphans({
        ...{ client: () => client, drivers },
        now: () => new Date(),
        settings: world.settings,
      });
      orphanDatabases = new OrphanDatabases({
        ...{ client: () => client, drivers },
        logger: mockServices.logger.mock(),
      });
      admin = new Client(settings);
      await admin.connect();
      await world.start();
    });
    afterAll(async () => {
      await admin?.end();
      await world.cleanUp();
    });
    /** Takes a resource with its finalizer from a cluster whose controller is away. */
    const loseResource = async (name: string) => {
      await world.cluster.kubectl([
        ...['patch', KIND, name, '--type=merge'],
        '--patch={"metadata":{"finalizers":[]}}',
      ]);
      await world.cluster.kubectl(['delete', KIND, name]);
    };

    it('is found, and removed only where the cluster says that the platform made it', async () => {
      const [lost, living, forged] = ['lost', 'living', 'forged'].map(
        beginning => world.name(beginning),
      );
      await world.apply(lost);
      await world.apply(living);
      await world.untilPhase(lost, 'ready');
      await world.untilPhase(living, 'ready');
      const made = await world.object('namespace', `env-${lost}`);
      // The controller is away, and somebody takes the finalizer and the resource.
      await world.stop();
      await loseResource(lost);
      // Somebody else's namespace that says it were ours.
      await world.cluster.kubectl(
        ['apply', '--filename=-'],
        JSON.stringify({
          ...{ apiVersion: 'v1', kind: 'Namespace' },
          metadata: {
            name: `env-${forged}`,
            labels: {
              ...made?.metadata.labels,
              'platform.myorg.com/environment-uid': 'none',
            },
          },
        }),
      );

      const found = await orphans.list();
      expect(found.map(({ namespace, ours }) => [namespace, ours])).toEqual([
        [`env-${lost}`, true],
        [`env-${forged}`, false],
      ]);
      await expect(orphans.remove(`env-${living}`, signal)).rejects.toThrow(
        /is not what is left/,
      );
      await expect(orphans.remove(`env-${forged}`, signal)).rejects.toThrow(
        /does not say that this platform made/,
      );
      const held = ['configmap', 'held', `--namespace=env-${lost}`];
      const hold = (...finalizers: string[]) =>
        world.cluster.kubectl([
          ...['patch', ...held, '--type=merge'],
          `--patch=${JSON.stringify({ metadata: { finalizers } })}`,
        ]);
      await world.cluster.kubectl(['create', ...held]);
      await hold('example.org/held');
      await orphans.remove(`env-${lost}`, signal);
      // What keeps it from going is told of one that nobody has a resource of, too.
      const going = async () =>
        (await orphans.list()).find(({ ending }) => ending?.blocker);
      await until(
        'what keeps it is told',
        async () => (await going()) !== undefined,
      );
      expect(await going()).toMatchObject({
        ...{ namespace: `env-${lost}`, ours: true },
        ending: { blocker: expect.stringContaining('example.org/held') },
      });
      await orphans.remove(`env-${lost}`, signal);
      await hold();
      await until(
        'it is gone',
        async () => (await orphans.list()).length === 1,
      );
      expect(await world.object('namespace', `env-${living}`)).toBeDefined();
      await world.cluster.kubectl([
        ...['delete', 'namespace', `env-${forged}`, '--wait=false'],
      ]);
      await world.start();
    });

    it('is databases where the namespace is gone too, removed only where they say that they are of this cluster', async () => {
      const [lost, living] = ['lost', 'living'].map(beginning =>
        world.name(beginning),
      );
      const databases = [{ type: 'postgres' as const }];
      await world.apply(lost, { databases });
      await world.apply(living, { databases });
      const [{ uid }, { uid: livingUid }] = [
        await world.untilPhase(lost, 'ready'),
        await world.untilPhase(living, 'ready'),
      ];
      const find = async (of: string) => {
        const { databases: all, problems } = await orphanDatabases.list(signal);
        expect(problems).toEqual([]);
        return all.find(({ environmentUid }) => environmentUid === of);
      };
      await world.stop();
      await loseResource(lost);
      // Its namespace stands for them, as long as it is there.
      expect(await find(uid)).toBeUndefined();
      await expect(orphanDatabases.remove(uid, signal)).rejects.toThrow(
        /something of it is still in the cluster/,
      );
      await world.cluster.kubectl(['delete', 'namespace', `env-${lost}`]);

      const [name] = (await find(uid))?.names ?? [];
      expect(name).toMatch(/^env_lost/);
      expect(await find(uid)).toEqual({
        ...{ environmentUid: uid, driver: 'server', names: [name] },
        ours: true,
      });
      expect(await find(livingUid)).toBeUndefined();

      const comment = async (text: string) => {
        for (const what of ['DATABASE', 'ROLE']) {
          await admin.query(
            `COMMENT ON ${what} ${escapeIdentifier(
              name,
            )} IS 'highroad environment ${text}'`,
          );
        }
      };
      const made = await admin.query(
        "SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = $1",
        [name],
      );
      // Another cluster's are not listed; what says nothing of a cluster is, and stays.
      await comment(`${uid} in cluster another`);
      expect(await find(uid)).toBeUndefined();
      await comment(uid);
      expect(await find(uid)).toMatchObject({ ours: false });
      await expect(orphanDatabases.remove(uid, signal)).rejects.toThrow(
        /do not say of which cluster/,
      );
      await comment(made.rows[0].comment.replace('highroad environment ', ''));
      expect(await orphanDatabases.remove(uid, signal)).toEqual([name]);
      const left = await admin.query(
        'SELECT datname FROM pg_database WHERE datname = $1 UNION SELECT rolname FROM pg_roles WHERE rolname = $1',
        [name],
      );
      expect(left.rows).toEqual([]);
      await world.start();
    });
  },
);
