import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { Seed, SeedRefusedError } from '@highroad/plugin-environments-node';
import { SecretValue } from '@highroad/plugin-platform-common';
import { describeWithSandbox, TestCluster } from '@highroad/sandbox/testing';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import {
  ClusterAccess,
  ClusterClient,
} from '@highroad/plugin-platform-node/kubernetes';
import { ClusterDriver } from './ClusterDriver';

jest.setTimeout(240_000);

/** Made on this machine, if it is not there. */
const IMAGE = 'postgres:17.6';

const seedOf = (...parts: string[]): Seed => ({
  ...{ path: 'fixtures/demo-data.sql', release: async () => {} },
  ...{ repository: 'https://git.test/shop/cart', commit: 'a'.repeat(40) },
  ...{ content: parts.join(''), size: parts.join('').length },
  async *open() {
    for (const part of parts) yield Buffer.from(part);
  },
});
const DUMP = `CREATE TABLE public.products (id integer NOT NULL, name text);
ALTER TABLE public.products OWNER TO somebody;
COPY public.products (id, name) FROM stdin;
1\tTasse
2\tTeller; tief
\\.
`;

describeWithSandbox(
  'databases in the environment itself, on a node that runs them',
  ['cluster', 'real-node'],
  sandbox => {
    let cluster: TestCluster;
    let client: ClusterClient;
    let driver: ClusterDriver;
    const admin = new SecretValue('of-the-administrator');

    beforeAll(async () => {
      await promisify(execFile)(process.execPath, [
        resolvePackagePath('@highroad/sandbox', 'bin/sandbox'),
        ...['images', IMAGE, '--state', sandbox.paths.state],
      ]);
      cluster = await sandbox.cluster();
      client = new ClusterClient({
        config: new ClusterAccess([
          { name: 'test', kubeconfig: cluster.kubeconfig },
        ]).config('test'),
      });
      await cluster.kubectl([
        ...['label', 'namespace', cluster.namespace],
        'pod-security.kubernetes.io/enforce=restricted',
      ]);
      driver = new ClusterDriver({
        client: () => client,
        settings: {
          ...{ image: IMAGE, userId: 999 },
          limits: { cpu: '1', memory: '512Mi' },
        },
      });
    }, 600_000);
    afterAll(() => client.close());

    const requestOf = (name: string) => ({
      ...{ environmentUid: randomUUID(), environment: 'demo', name },
      namespace: cluster.namespace,
    });
    /** Has one run, as the controller does. */
    const begin = async (name: string) => {
      const request = requestOf(name);
      const secret = `database-${name}-admin`;
      await client.apply(
        {
          ...{ apiVersion: 'v1', kind: 'Secret' },
          metadata: { name: secret, namespace: cluster.namespace },
          stringData: { password: admin.reveal() },
        },
        { manager: 'test' },
      );
      for (const object of driver.objects(request, { secret })) {
        await client.apply(
          {
            ...object,
            metadata: { ...object.metadata, namespace: cluster.namespace },
          },
          { manager: 'test' },
        );
      }
      return request;
    };
    const ready = (name: string) =>
      cluster.kubectl([
        ...['rollout', 'status', `statefulset/database-${name}`],
        '--timeout=120s',
      ]);
    const options = (seed?: Seed, onProgress = (_done: number) => {}) => ({
      ...{ admin, password: new SecretValue('of-the-service'), onProgress },
      signal: new AbortController().signal,
      ...(seed && { seed: async () => seed }),
    });
    /** Asks as the service does, by its own role. */
    const ask = async (
      request: ReturnType<typeof requestOf>,
      text: string,
    ): Promise<unknown[]> => {
      const tunnel = await client.tunnel(
        { namespace: request.namespace, name: `database-${request.name}-0` },
        5432,
      );
      const { database, user } = driver.connectionOf(request);
      const { host, port } = tunnel;
      const own = new Client({
        ...{ host, port, database, user, password: 'of-the-service' },
      });
      try {
        await own.connect();
        const { rows } = await own.query<object>(text);
        return rows;
      } finally {
        await own.end();
        await tunnel.close();
      }
    };

    it('say that they are started, then are seeded once, whole, for a role that may do nothing else', async () => {
      const request = await begin('main');
      await expect(driver.provide(request, options())).rejects.toThrow(
        /Its pod (is being started|has no place)/,
      );
      await ready('main');
      const applied = await driver.provide(request, options(seedOf(DUMP)));
      expect(applied).toMatchObject({ path: 'fixtures/demo-data.sql' });
      await ask(request, "UPDATE products SET name = 'mine' WHERE id = 1");
      // Another seed has no effect: it has one.
      const again = await driver.provide(
        request,
        options(seedOf('DROP TABLE public.products;')),
      );
      expect(again).toEqual(applied);
      expect(
        await ask(request, 'SELECT name FROM products ORDER BY id'),
      ).toEqual([{ name: 'mine' }, { name: 'Teller; tief' }]);
      expect(
        await ask(
          request,
          'SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user',
        ),
      ).toEqual([{ rolsuper: false, rolcreatedb: false }]);
      // Also after its pod was started again with what it held gone.
      await cluster.kubectl(['delete', 'pod', 'database-main-0']);
      await ready('main');
      await driver.provide(request, options(seedOf(DUMP)));
      expect(await ask(request, 'SELECT count(*)::int FROM products')).toEqual([
        { count: 2 },
      ]);
    });

    it('keep nothing of a seed that fails, and name its line', async () => {
      const request = await begin('wrong');
      await ready('wrong');
      const refused = driver.provide(
        request,
        options(seedOf(DUMP, 'INSERT INTO nowhere VALUES (1);\n')),
      );
      await expect(refused).rejects.toThrow(SeedRefusedError);
      await expect(refused).rejects.toMatchObject({ line: 7 });
      expect(
        await ask(
          request,
          "SELECT 1 FROM pg_tables WHERE schemaname = 'public'",
        ),
      ).toEqual([]);
    });

    it('are seeded whole by the next try where the connection breaks off in between, and tell how far it is', async () => {
      const request = await begin('cut');
      await ready('cut');
      const row = `${'x'.repeat(1000)}\n`;
      const rows = Array.from({ length: 64 }, () => row.repeat(256));
      const text = [
        'CREATE TABLE public.big (t text);\nCOPY public.big FROM stdin;\n',
        ...rows,
        '\\.\n',
      ];
      const ended = new AbortController();
      await expect(
        driver.provide(request, {
          ...options(seedOf(...text), () => ended.abort()),
          signal: ended.signal,
        }),
      ).rejects.toThrow();
      const told: number[] = [];
      const applied = await driver.provide(
        request,
        options(seedOf(...text), done => told.push(done)),
      );
      expect(applied?.size).toBe(text.join('').length);
      expect(told.length).toBeGreaterThan(10);
      expect(await ask(request, 'SELECT count(*)::int FROM big')).toEqual([
        { count: 64 * 256 },
      ]);
    });

    it('say which image is not there', async () => {
      const absent = new ClusterDriver({
        client: () => client,
        settings: {
          ...{ image: '127.0.0.1:1/no/such:1', userId: 999 },
          limits: { cpu: '1', memory: '512Mi' },
        },
      });
      const request = requestOf('absent');
      for (const object of absent.objects(request, {
        secret: 'database-main-admin',
      })) {
        await client.apply(
          {
            ...object,
            metadata: { ...object.metadata, namespace: cluster.namespace },
          },
          { manager: 'test' },
        );
      }
      const end = Date.now() + 60_000;
      let said = '';
      while (!/Image/.test(said) && Date.now() < end) {
        said = await absent.provide(request, options()).then(String, String);
        await pause(200);
      }
      expect(said).toMatch(/Its pod does not start: (ErrImagePull|ImagePull)/);
    });
  },
);
