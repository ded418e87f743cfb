import { DatabaseDriver } from '@highroad/plugin-environments-node';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { Client } from 'pg';
import { EnvironmentWorld } from './__testUtils__/EnvironmentWorld';
import { SeedSource } from './controller/SeedSource';
import { ServerDriver } from './drivers/databases/server/ServerDriver';

jest.setTimeout(180_000);

/** What the repository of this test holds. */
const files: Record<string, string> = {
  'fixtures/demo-data.sql':
    'CREATE TABLE products (id int, name text);\nCOPY products FROM stdin;\n1\tTasse\n\\.\n',
  'fixtures/endless.sql':
    'SET statement_timeout = 0;\nCREATE TABLE a (id int);\nSELECT pg_sleep(3600);\n',
  'fixtures/wrong.sql': 'CREATE TABLE a (id int);\nINSERT INTO b VALUES (1);\n',
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

describeWithSandbox(
  'databases of environments',
  ['cluster', 'simulated-node', 'postgres'],
  sandbox => {
    let world: EnvironmentWorld;
    let driver: ServerDriver;
    const drivers = new Map<string, DatabaseDriver>();

    const holders = async () =>
      (await driver.holdings(AbortSignal.timeout(10_000))).map(
        ({ environmentUid }) => environmentUid,
      );

    beforeAll(async () => {
      const { host, port, user, password } = sandbox.connection.postgres;
      driver = new ServerDriver({
        settings: {
          host,
          port,
          user,
          password,
          database: 'postgres',
          ssl: false,
        },
      });
      drivers.set('server', driver);
      world = new EnvironmentWorld({
        cluster: await sandbox.cluster(),
        drivers,
        seeds,
        settings: { databases: { seedTimeout: '5s' } },
      });
      await world.start();
    });
    afterAll(async () => {
      await world.cleanUp();
    });

    it('are seeded before any service starts, known to the services, and gone with the environment', async () => {
      const name = world.name('seeded');
      await world.apply(name, {
        databases: [{ type: 'postgres', seed: 'fixtures/demo-data.sql' }],
      });
      const early: string[] = [];
      const unlisten = world.resources.onChange(change => {
        if (change.type === 'gone' || change.resource.name !== name) return;
        const { status } = change.resource;
        const seeded = status.databases.every(one => one.state === 'ready');
        const begun = status.services.some(one => one.state !== 'waiting');
        if (begun && !seeded) early.push(JSON.stringify(status));
      });
      const { status, uid } = await world.untilPhase(name, 'ready');
      unlisten();
      expect(early).toEqual([]);
      expect(status.databases).toMatchObject([
        {
          ...{ name: 'main', driver: 'server', state: 'ready' },
          seed: {
            path: 'fixtures/demo-data.sql',
            state: 'applied',
            commit: 'c'.repeat(40),
          },
        },
      ]);

      const secret = await world.object(
        'secret',
        'database-main',
        `env-${name}`,
      );
      const url = Buffer.from(
        secret?.data?.DATABASE_URL ?? '',
        'base64',
      ).toString();
      const client = new Client({ connectionString: url });
      await client.connect();
      const { rows } = await client.query('SELECT name FROM products');
      await client.end();
      expect(rows).toEqual([{ name: 'Tasse' }]);
      const deployment = await world.object('deployment', 'api', `env-${name}`);
      expect(deployment?.spec?.template?.spec.containers[0].env).toContainEqual(
        {
          name: 'DATABASE_URL',
          valueFrom: {
            secretKeyRef: { name: 'database-main', key: 'DATABASE_URL' },
          },
        },
      );
      // The password is nowhere but in the Secret.
      const password = Buffer.from(
        secret?.data?.PGPASSWORD ?? '',
        'base64',
      ).toString();
      expect(password).toHaveLength(48);
      const all = await world.cluster.kubectl([
        ...[
          'get',
          'env,deployment,event',
          '--output=yaml',
          `--namespace=env-${name}`,
        ],
      ]);
      expect(all).not.toContain(password);

      expect(await holders()).toContain(uid);
      await world.resources.delete({ home: world.settings.namespace, name });
      await world.untilGone(name);
      expect(await holders()).not.toContain(uid);
    });

    it('say which line of a seed failed, keep nothing of it, and have no service started', async () => {
      const name = world.name('wrong');
      await world.apply(name, {
        databases: [{ type: 'postgres', seed: 'fixtures/wrong.sql' }],
      });
      const { status } = await world.untilPhase(name, 'failed');
      expect(status.message).toMatch(
        /fixtures\/wrong.sql, line 2: relation "b" does not exist/,
      );
      expect(status.databases[0]).toMatchObject({
        state: 'failed',
        seed: { line: 2 },
      });
      expect(
        await world.object('deployment', 'api', `env-${name}`),
      ).toBeUndefined();
      // Mended, it goes on.
      await world.apply(name, {
        databases: [{ type: 'postgres', seed: 'fixtures/demo-data.sql' }],
      });
      await world.untilPhase(name, 'ready');
    });

    it('stay where they are taken out of the manifest, which is said, and are as they were once they are back', async () => {
      const name = world.name('less');
      const both = [
        { type: 'postgres' as const },
        {
          ...{ type: 'postgres' as const, name: 'search' },
          seed: 'fixtures/demo-data.sql',
        },
      ];
      await world.apply(name, { databases: both });
      const { status: first } = await world.untilPhase(name, 'ready');
      const said = (status: typeof first) =>
        status.conditions.find(({ type }) => type === 'DatabasesReady')
          ?.message;
      expect(said(first)).toBe('All databases are there and seeded.');
      await world.apply(name, { databases: [both[0]] });
      const { status } = await world.untilResource(
        name,
        one =>
          one.status.observedGeneration === 2 && one.status.phase === 'ready',
        'one database less',
      );
      expect(said(status)).toMatch(
        /The database search is in the manifest no more; it stays/,
      );
      await world.apply(name, { databases: both });
      const back = await world.untilResource(
        name,
        one =>
          one.status.observedGeneration === 3 && one.status.phase === 'ready',
        'both again',
      );
      expect(said(back.status)).toBe('All databases are there and seeded.');
      expect(back.status.databases[1].seed?.appliedAt).toBe(
        first.databases[1].seed?.appliedAt,
      );
    });

    it('are not forgotten when their server is taken out of the configuration', async () => {
      const name = world.name('forgotten');
      await world.apply(name, { databases: [{ type: 'postgres' }] });
      const { uid } = await world.untilPhase(name, 'ready');
      drivers.delete('server');
      await world.resources.delete({ home: world.settings.namespace, name });
      const stuck = await world.untilResource(
        name,
        ({ status }) => /no way "server"/.test(status.message ?? ''),
        'what is missing',
      );
      expect(stuck.status.conditions).toContainEqual(
        expect.objectContaining({ type: 'TeardownUnblocked', status: 'False' }),
      );
      drivers.set('server', driver);
      await world.untilGone(name);
      expect(await holders()).not.toContain(uid);
    });

    it('are taken away by who made them where the manifest names another driver by then, that there is not', async () => {
      const name = world.name('misspelled');
      await world.apply(name, { databases: [{ type: 'postgres' }] });
      const { uid } = await world.untilPhase(name, 'ready');
      await world.apply(name, {
        databases: [{ type: 'postgres', driver: 'sever' }],
      });
      const { status } = await world.untilPhase(name, 'refused');
      expect(status.message).toContain('There is no way "sever"');
      await world.resources.delete({ home: world.settings.namespace, name });
      await world.untilGone(name);
      expect(await holders()).not.toContain(uid);
    });

    it('are found as they are by the next process, which tells nothing and writes nothing', async () => {
      const name = world.name('again');
      await world.apply(name, {
        databases: [{ type: 'postgres', seed: 'fixtures/demo-data.sql' }],
      });
      await world.untilPhase(name, 'ready');
      const secretNow = () =>
        world.object('secret', 'database-main', `env-${name}`);
      const before = await secretNow();
      // The next look at it is the first of its kind in a process.
      await world.stop();
      const told: unknown[] = [];
      const unlisten = world.resources.onChange(change => {
        if (change.type === 'gone' || change.resource.name !== name) return;
        told.push(change.resource.status);
      });
      world.writes.length = 0;
      const provided = jest.spyOn(driver, 'provide');
      const running = await world.start();
      await world.lookAgain(running, name);
      await world.until(
        () => provided.mock.calls.length > 0,
        'a look at the database',
      );
      await Promise.all(provided.mock.results.map(({ value }) => value));
      await world.lookAgain(running, name);
      unlisten();
      expect(world.writes.filter(one => one.includes(name))).toEqual([]);
      // The watch shows it as it begins, and then nothing new.
      expect(new Set(told.map(one => JSON.stringify(one))).size).toBe(1);
      expect((await secretNow())?.data).toEqual(before?.data);
      provided.mockRestore();
    });

    it('are told to be in trouble where the next process does not find them, and to be ready again', async () => {
      const name = world.name('lost');
      await world.apply(name, { databases: [{ type: 'postgres' }] });
      await world.untilPhase(name, 'ready');
      await world.stop();
      const provided = jest
        .spyOn(driver, 'provide')
        .mockRejectedValue(new Error('no connection'));
      await world.start();
      const { status } = await world.untilPhase(name, 'degraded');
      expect(status.message).toContain('no connection');
      provided.mockRestore();
      await world.untilPhase(name, 'ready');
    });

    it('are added to an environment that is ready, which is updating meanwhile', async () => {
      const name = world.name('added');
      await world.apply(name);
      await world.untilPhase(name, 'ready');
      const told = new Set<string | undefined>();
      const unlisten = world.resources.onChange(change => {
        if (change.type === 'gone' || change.resource.name !== name) return;
        told.add(change.resource.status.phase);
      });
      await world.apply(name, {
        databases: [{ type: 'postgres', seed: 'fixtures/demo-data.sql' }],
      });
      await world.untilResource(
        name,
        ({ status }) =>
          status.phase === 'ready' && status.databases.length === 1,
        'its database',
      );
      unlisten();
      expect(told).toContain('updating');
      expect(told).not.toContain('degraded');
    });

    it('are not waited for longer than a seed may take, and the server is not left at it', async () => {
      const name = world.name('endless');
      await world.apply(name, {
        databases: [{ type: 'postgres', seed: 'fixtures/endless.sql' }],
      });
      const { status, uid } = await world.untilPhase(name, 'failed');
      expect(status.message).toMatch(
        /fixtures\/endless\.sql was not through after 5 s, .* nothing of it was kept\..*seedTimeout/,
      );
      const client = new Client({ ...sandbox.connection.postgres });
      await client.connect();
      const { rows } = await client.query<object>(
        'SELECT usename FROM pg_stat_activity WHERE usename = $1',
        [
          driver.connectionOf({
            environmentUid: uid,
            environment: name,
            name: 'main',
          }).user,
        ],
      );
      await client.end();
      expect(rows).toEqual([]);
    });
  },
);
