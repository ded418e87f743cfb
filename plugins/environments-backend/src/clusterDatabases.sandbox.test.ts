import { DatabaseDriver } from '@highroad/plugin-environments-node';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { Client } from 'pg';
import { ClusterClient } from '@highroad/plugin-platform-node/kubernetes';
import { EnvironmentWorld } from './__testUtils__/EnvironmentWorld';
import { SeedSource } from './controller/SeedSource';
import { ClusterDriver } from './drivers/databases/cluster/ClusterDriver';
import { ServerDriver } from './drivers/databases/server/ServerDriver';
import { PreviewSettings } from './service/PreviewSettings';

jest.setTimeout(180_000);

const files: Record<string, string> = {
  'good.sql':
    'CREATE TABLE products (id int);\nINSERT INTO products VALUES (1);\n',
  'wrong.sql': 'CREATE TABLE a (id int);\n\nINSERT INTO b VALUES (1);\n',
};
const seeds: SeedSource = {
  async find(_target, path) {
    const text = files[path] ?? '';
    return {
      ...{ path, repository: 'https://git.test/shop/cart' },
      ...{ commit: 'c'.repeat(40), content: path, size: text.length },
      async *open() {
        yield Buffer.from(text);
      },
      release: async () => {},
    };
  },
};

/** Pods of a simulated node hold no server: what would be done on theirs is done on the sandbox's. */
describeWithSandbox(
  'databases in the environment itself',
  ['cluster', 'simulated-node', 'postgres'],
  sandbox => {
    let world: EnvironmentWorld;
    let servers: ServerDriver;
    let client: ClusterClient;
    const reached: string[] = [];
    const made = new Set<string>();

    beforeAll(async () => {
      const server = sandbox.connection.postgres;
      const { host, port, user, password } = server;
      servers = new ServerDriver({
        settings: {
          ...{ host, port, user, password },
          ...{ database: 'postgres', ssl: false },
        },
      });
      const cluster: NonNullable<PreviewSettings['databases']['cluster']> = {
        ...{ image: 'postgres:17.6', userId: 999 },
        limits: { cpu: '1', memory: '512Mi' },
      };
      const drivers = new Map<string, DatabaseDriver>();
      world = new EnvironmentWorld({
        ...{ cluster: await sandbox.cluster(), drivers, seeds },
        settings: { databases: { driver: 'cluster', cluster } },
      });
      client = world.client();
      drivers.set(
        'cluster',
        new ClusterDriver({
          settings: cluster,
          client: () => client,
          reach: async pod => {
            reached.push(`${pod.namespace}/${pod.name}`);
            return {
              ...{ host, port, user, password },
              trouble: () => undefined,
              close: async () => {},
            };
          },
        }),
      );
      await world.start();
    });
    afterAll(async () => {
      const signal = new AbortController().signal;
      for (const uid of made)
        await servers.removeAll({ environmentUid: uid }, signal);
      await world.cleanUp();
      client.close();
    });
    const apply = async (name: string, seed: string) => {
      const { uid } = await world.apply(name, {
        databases: [{ type: 'postgres', seed }],
      });
      made.add(uid);
    };

    it('are a server of their own beside the services, which start after the seed', async () => {
      const name = world.name('own');
      const namespace = `env-${name}`;
      const early: string[] = [];
      const unlisten = world.resources.onChange(change => {
        if (change.type === 'gone' || change.resource.name !== name) return;
        const { status } = change.resource;
        const seeded = status.databases.every(one => one.state === 'ready');
        if (status.phase === 'ready' && !seeded) early.push(status.phase);
      });
      await apply(name, 'good.sql');
      const { status } = await world.untilPhase(name, 'ready');
      unlisten();
      expect(early).toEqual([]);
      expect(status.databases).toMatchObject([
        { driver: 'cluster', state: 'ready', seed: { state: 'applied' } },
      ]);
      expect(reached).toContain(`${namespace}/database-main-0`);
      const secret = await world.object('secret', 'database-main', namespace);
      const text = (key: string) =>
        Buffer.from(secret?.data?.[key] ?? '', 'base64').toString();
      expect(text('PGHOST')).toBe('database-main');
      const { host, port } = sandbox.connection.postgres;
      const service = new Client({
        ...{ host, port, user: text('PGUSER'), password: text('PGPASSWORD') },
        database: text('PGDATABASE'),
      });
      await service.connect();
      const { rows } = await service.query('SELECT id FROM products');
      await service.end();
      expect(rows).toEqual([{ id: 1 }]);
      // Services are not given the administrator's password.
      const deployment = await world.object('deployment', 'api', namespace);
      expect(JSON.stringify(deployment)).not.toContain('database-main-admin');
    });

    it('cost no write while nothing changes, are put back, and keep the image that they began with', async () => {
      const name = world.name('kept');
      const namespace = `env-${name}`;
      await apply(name, 'good.sql');
      await world.untilPhase(name, 'ready');
      const running = await world.restart();
      await world.lookAgain(running, name);
      await world.untilPhase(name, 'ready');
      world.writes.length = 0;
      await world.lookAgain(running, name);
      // The other environments of this file may still be on their way.
      expect(world.writes.filter(one => one.includes(name))).toEqual([]);

      await world.cluster.kubectl([
        ...['scale', 'statefulset/database-main', '--replicas=0'],
        `--namespace=${namespace}`,
      ]);
      await world.until(
        async () =>
          (
            await world.object('statefulset', 'database-main', namespace)
          )?.spec?.replicas === 1,
        'one replica again',
      );
      await world.cluster.kubectl([
        ...['delete', 'service', 'database-main', `--namespace=${namespace}`],
      ]);
      await world.until(
        () => world.object('service', 'database-main', namespace),
        'its Service again',
      );
      await world.cluster.kubectl([
        ...['set', 'image', 'statefulset/database-main'],
        ...['postgres=postgres:17.5', `--namespace=${namespace}`],
      ]);
      await world.untilPhase(name, 'ready');
      const after = await world.object(
        'statefulset',
        'database-main',
        namespace,
      );
      expect(after?.spec?.template?.spec.containers[0].image).toBe(
        'postgres:17.5',
      );
    });

    it('keep the passwords that they were made with, also where somebody took the mark off their Secrets', async () => {
      const name = world.name('marked');
      const namespace = `env-${name}`;
      await apply(name, 'good.sql');
      await world.untilPhase(name, 'ready');
      const secrets = ['database-main', 'database-main-admin'];
      const mark = 'platform.myorg.com/environment-uid';
      const read = () =>
        Promise.all(secrets.map(one => world.object('secret', one, namespace)));
      const before = await read();
      await world.cluster.kubectl([
        ...['label', 'secret', ...secrets, `${mark}-`],
        `--namespace=${namespace}`,
      ]);
      await world.until(
        async () => (await read()).every(one => one?.metadata.labels[mark]),
        'the mark again',
      );
      expect((await read()).map(one => one?.data)).toEqual(
        before.map(one => one?.data),
      );
      await world.untilPhase(name, 'ready');
    });

    it('make the environment wait while their pod is away', async () => {
      const name = world.name('away');
      await apply(name, 'good.sql');
      await world.untilPhase(name, 'ready');
      const phases: string[] = [];
      const unlisten = world.resources.onChange(change => {
        if (change.type === 'gone' || change.resource.name !== name) return;
        phases.push(String(change.resource.status.phase));
      });
      await world.cluster.kubectl([
        ...['delete', 'pod', 'database-main-0', '--wait=false'],
        `--namespace=env-${name}`,
      ]);
      await world.until(
        () => phases.includes('degraded') && phases.at(-1) === 'ready',
        'it to be degraded, then ready',
      );
      unlisten();
      expect(phases).toContain('degraded');
    });

    it('whose seed is wrong fail with its line, and no service starts', async () => {
      const name = world.name('wrong');
      await apply(name, 'wrong.sql');
      const { status } = await world.untilPhase(name, 'failed');
      expect(status.databases).toMatchObject([
        { state: 'failed', seed: { state: 'failed', line: 3 } },
      ]);
      expect(
        await world.object('deployment', 'api', `env-${name}`),
      ).toBeUndefined();
    });

    it('leave nothing in the cluster', async () => {
      const name = world.name('gone');
      await apply(name, 'good.sql');
      await world.untilPhase(name, 'ready');
      await world.resources.delete({ home: world.settings.namespace, name });
      await world.untilGone(name);
      expect(await world.object('namespace', `env-${name}`)).toBeUndefined();
    });

    it('are not mistaken for a service of their name', async () => {
      const name = world.name('taken');
      await world.apply(name, {
        services: [{ name: 'database-main', image: 'myorg/api:1' }],
        databases: [{ type: 'postgres' }],
      });
      const { status } = await world.untilPhase(name, 'refused');
      expect(status.message).toMatch(
        /database-main is that of the database main.*Give the service another/,
      );
    });
  },
);
