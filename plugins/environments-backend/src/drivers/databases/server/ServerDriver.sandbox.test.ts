import {
  DatabaseRequest,
  SeedRefusedError,
  Seed,
} from '@highroad/plugin-environments-node';
import { SecretValue } from '@highroad/plugin-platform-common';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { DyingServer } from '../../../__testUtils__/DyingServer';
import { MOST_SEED_BYTES } from '../../seeds/fetchFile';
import { ServerDriver } from './ServerDriver';

const seedOf = (text: string): Seed => ({
  path: 'fixtures/demo-data.sql',
  repository: 'https://git.test/shop/cart',
  commit: 'a'.repeat(40),
  ...{ content: text, size: Buffer.byteLength(text) },
  release: async () => {},
  async *open() {
    // In pieces, as a repository gives it.
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += 1000) {
      yield bytes.subarray(at, at + 1000);
    }
  },
});

const DUMP = `SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.products (id integer NOT NULL, name text);
ALTER TABLE public.products OWNER TO somebody;
COPY public.products (id, name) FROM stdin;
1\tTasse
2\tTeller; tief
\\.
ALTER TABLE ONLY public.products ADD CONSTRAINT products_pkey PRIMARY KEY (id);
GRANT ALL ON TABLE public.products TO somebody;
`;

const CLUSTER = randomUUID();

describeWithSandbox(
  'databases on a server that is there',
  ['postgres'],
  sandbox => {
    let driver: ServerDriver;
    const uids: string[] = [];
    const { signal } = new AbortController();
    const password = new SecretValue('a1b2c3d4e5f6');

    const request = (name = 'main'): DatabaseRequest => {
      const environmentUid = randomUUID();
      uids.push(environmentUid);
      return {
        ...{ environmentUid, cluster: CLUSTER },
        ...{ environment: 'pr-12-cart', name },
      };
    };
    const provide = (of: DatabaseRequest, text?: string) =>
      driver.provide(of, {
        ...{ password, signal },
        onProgress: () => {},
        ...(text && { seed: async () => seedOf(text) }),
      });
    const query = async (
      of: DatabaseRequest,
      text: string,
      as = driver.connectionOf(of),
    ) => {
      const client = new Client({ ...as, password: password.reveal() });
      await client.connect();
      try {
        return (await client.query(text)).rows;
      } finally {
        await client.end();
      }
    };

    beforeAll(() => {
      const { host, port, user, password: admin } = sandbox.connection.postgres;
      driver = new ServerDriver({
        settings: {
          ...{ host, port, user },
          password: admin,
          database: 'postgres',
          ssl: false,
        },
      });
    });
    afterAll(async () => {
      for (const environmentUid of uids) {
        await driver.removeAll({ environmentUid }, signal);
      }
    });

    it('makes a database for one environment alone, and seeds it from a dump with its rows', async () => {
      const of = request();
      const applied = await provide(of, DUMP);
      expect(applied).toMatchObject({
        path: 'fixtures/demo-data.sql',
        commit: 'a'.repeat(40),
      });
      expect(
        await query(of, 'SELECT * FROM public.products ORDER BY id'),
      ).toEqual([
        { id: 1, name: 'Tasse' },
        { id: 2, name: 'Teller; tief' },
      ]);
      const [role] = await query(
        of,
        'SELECT rolsuper, rolcreatedb, rolcreaterole, rolconnlimit FROM pg_roles WHERE rolname = current_user',
      );
      expect(role).toEqual({
        rolsuper: false,
        rolcreatedb: false,
        rolcreaterole: false,
        // Others use the server too.
        rolconnlimit: 40,
      });
      // Another environment's role does not get in.
      const other = request();
      await provide(other);
      await expect(
        query(of, 'SELECT 1', {
          ...driver.connectionOf(other),
          database: driver.connectionOf(of).database,
        }),
      ).rejects.toThrow(/permission denied for database/);
    });

    it('waits neither for what somebody holds nor for a server that is lost for longer than it may', async () => {
      const { host, port, user, password: admin } = sandbox.connection.postgres;
      const server = await DyingServer.before({ host, port });
      const to = { user, password: admin, database: 'postgres', ssl: false };
      const impatient = new ServerDriver({
        settings: { ...to, host: '127.0.0.1', port: server.port },
        adminMs: 3_000,
      });
      const of = request();
      await provide(of);
      const role = driver.connectionOf(of).user;
      const somebody = new Client({ ...to, host, port });
      await somebody.connect();
      try {
        await somebody.query(`BEGIN; ALTER ROLE "${role}" CONNECTION LIMIT 50`);
        await expect(impatient.removeAll(of, signal)).rejects.toThrow(
          /lock timeout/,
        );
        await somebody.query('ROLLBACK');
      } finally {
        await somebody.end();
      }
      server.dieAt('DROP DATABASE');
      await expect(impatient.removeAll(of, signal)).rejects.toThrow(/timeout/);
      server.dieAt('CREATE DATABASE');
      await expect(
        impatient.provide(request(), {
          ...{ password, signal },
          onProgress: () => {},
        }),
      ).rejects.toThrow(/timeout/);
      expect(server.deaths).toBe(2);
      server.comeBack();
      await impatient.removeAll(of, signal);
      expect(
        (await driver.holdings(signal)).map(one => one.environmentUid),
      ).not.toContain(of.environmentUid);
      server.close();
    }, 60_000);

    it('applies a seed once, whoever tries again, also with another one', async () => {
      const of = request();
      const [first, second] = await Promise.all([
        provide(of, DUMP),
        provide(of, DUMP),
      ]);
      expect(first?.appliedAt).toEqual(second?.appliedAt);
      await query(
        of,
        "UPDATE public.products SET name = 'changed by a person' WHERE id = 1",
      );
      await provide(of, DUMP.replace('Tasse', 'another'));
      expect(
        await query(of, 'SELECT name FROM public.products WHERE id = 1'),
      ).toEqual([{ name: 'changed by a person' }]);
    });

    it.each([
      [
        'a statement',
        'CREATE TABLE a (id int);\n\nINSERT INTO a\nVALUES (1),\n (nothing);\n',
        5,
        /line 5: column "nothing" does not exist/,
      ],
      [
        'a row',
        DUMP.replace('2\tTeller', 'two\tTeller'),
        7,
        /line 7: invalid input syntax for type integer/,
      ],
      [
        'a transaction of its own',
        'CREATE TABLE a (id int);\nROLLBACK;\n',
        2,
        /whole or not at all/,
      ],
    ])(
      'leaves nothing of a seed that fails, and names the line of %s',
      async (_what, text, line, message) => {
        const of = request();
        const failure: unknown = await provide(of, text).catch(error => error);
        expect(failure).toBeInstanceOf(SeedRefusedError);
        expect(failure).toMatchObject({
          line,
          message: expect.stringMatching(message),
        });
        expect(
          await query(
            of,
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace",
          ),
        ).toEqual([]);
        // Once it is right, it is applied.
        expect(await provide(of, 'CREATE TABLE a (id int);')).toBeDefined();
      },
    );

    it.each([
      [
        'a statement that holds several for the server alone',
        "CREATE TABLE a (id int);\nSET standard_conforming_strings = off;\nSELECT 'x\\''; COMMIT; --';\n",
        { line: 3 },
        [],
      ],
      [
        'a COPY that holds several',
        "CREATE TABLE a (t text);\nSET standard_conforming_strings = off;\nCOPY a FROM stdin NULL 'x\\''; COMMIT; --';\n\\.\n",
        { message: expect.stringContaining('ends the transaction') },
        [{ relname: 'a' }],
      ],
    ])(
      'does not take for whole what ends its transaction by %s',
      async (_what, text, failure, left) => {
        const of = request();
        const error: unknown = await provide(of, text).catch(caught => caught);
        expect(error).toBeInstanceOf(SeedRefusedError);
        expect(error).toMatchObject(failure);
        expect(
          await query(
            of,
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace",
          ),
        ).toEqual(left);
      },
    );

    it('takes functions with parameters of any name, and with bodies of SQL', async () => {
      const of = request();
      await provide(
        of,
        `CREATE FUNCTION f(begin int) RETURNS int LANGUAGE sql AS $$ SELECT begin; $$;
CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;
COMMIT;
`,
      );
      expect(await query(of, 'SELECT f(1), g()')).toEqual([{ f: 1, g: 2 }]);
    });

    it('is not half done by one that breaks off', async () => {
      const of = request();
      const broken: Seed = {
        ...seedOf(DUMP),
        async *open() {
          yield Buffer.from(DUMP.slice(0, DUMP.indexOf('Teller')));
          throw new Error('The Git host went away.');
        },
      };
      await expect(
        driver.provide(of, {
          ...{ password, signal },
          seed: async () => broken,
          onProgress: () => {},
        }),
      ).rejects.toThrow('The Git host went away.');
      expect(await provide(of, DUMP)).toBeDefined();
      expect(
        await query(of, 'SELECT count(*)::int FROM public.products'),
      ).toEqual([{ count: 2 }]);
    });

    it.each([
      ['as it writes them unasked, with COPY', 'shop.dump.sql'],
      ['with what is there removed first, and INSERT', 'shop.clean.sql'],
    ])(
      'is seeded from what pg_dump itself wrote: %s',
      async (_how, file) => {
        const of = request();
        const text = await readFile(join(__dirname, '__fixtures__', file));
        expect(await provide(of, text.toString())).toMatchObject({
          size: text.length,
        });
        expect(
          await query(
            of,
            'SELECT id, name, price, tags, details, picture, gross FROM products ORDER BY id',
          ),
        ).toEqual([
          {
            ...{ id: 1, name: 'Tasse', price: '12.50', gross: '14.8750' },
            tags: ['weiß', 'mit; Henkel'],
            details: { a: 'b\\c"d' },
            picture: Buffer.from('00ff5c2e', 'hex'),
          },
          {
            ...{ id: 2, name: 'Teller;\ttief\nund\\.\n\\.\nneu' },
            ...{ price: '3.00', gross: '3.5700' },
            ...{ tags: [], details: null, picture: null },
          },
          {
            ...{ id: 3, name: '', price: null, gross: null },
            ...{ tags: null, details: null, picture: Buffer.alloc(0) },
          },
          {
            ...{ id: 4, name: '\\N', price: '0.00', gross: '0.0000' },
            ...{ tags: [null], details: [], picture: null },
          },
        ]);
        expect(await query(of, 'SELECT * FROM "Odd; name"')).toEqual([
          { 'a;b': '--', select: '/* no comment' },
          { 'a;b': '\\', select: "'" },
        ]);
        expect(await query(of, 'SELECT * FROM stock.totals')).toEqual([
          { product: 1, amount: '38' },
        ]);
        expect(
          await query(
            of,
            `SELECT lo_get(90001) AS object, twice(21),
                    obj_description('products'::regclass) AS comment`,
          ),
        ).toEqual([
          {
            ...{ object: Buffer.from('deadbeef', 'hex'), twice: 42 },
            comment: 'What is sold;\n-- not a comment: \\. $$',
          },
        ]);
        // The service goes on where the dump ended: its numbers, functions and rights are its own.
        await query(
          of,
          "INSERT INTO products (name) VALUES ('neu'); UPDATE products SET price = 2 WHERE id = 5; INSERT INTO orders (placed, product) VALUES ('2026-11-30', 5)",
        );
        expect(
          await query(
            of,
            "SELECT o.id, o.name::text, made = '2026-11-02T00:00Z' AS touched FROM open_orders o JOIN products p ON p.name = o.name ORDER BY o.id",
          ),
        ).toEqual([
          { id: '1', name: 'Tasse', touched: false },
          { id: '3', name: 'neu', touched: true },
        ]);
      },
      60_000,
    );

    it('is seeded from a file of 200 MB whole, and says meanwhile how far it is', async () => {
      const of = request();
      const line = `\t${'x'.repeat(1000)}\n`;
      const head = 'CREATE TABLE large (id int, text text);\n';
      const copy = 'COPY large (id, text) FROM stdin;\n';
      const rows = Math.floor(MOST_SEED_BYTES / (line.length + 6)) - 1;
      const file = function* file() {
        yield Buffer.from(head + copy);
        const each = 500;
        for (let from = 0; from < rows; from += each) {
          let piece = '';
          for (let id = from; id < Math.min(from + each, rows); id++) {
            piece += `${String(id).padStart(6, '0')}${line}`;
          }
          yield Buffer.from(piece);
        }
        yield Buffer.from('\\.\n');
      };
      let size = 0;
      for (const piece of file()) size += piece.length;
      expect(size).toBeGreaterThan(0.99 * MOST_SEED_BYTES);
      const told: number[] = [];
      const applied = await driver.provide(of, {
        ...{ password, signal },
        seed: async () => ({
          ...seedOf(''),
          size,
          async *open() {
            yield* file();
          },
        }),
        onProgress: bytes => told.push(bytes),
      });
      expect(applied?.size).toBe(size);
      const [found] = await query(
        of,
        'SELECT count(*)::int, sum(length(text))::bigint AS bytes FROM large',
      );
      expect(found).toEqual({ count: rows, bytes: String(rows * 1000) });
      expect(told.length).toBeGreaterThan(2);
      expect(told).toEqual([...told].sort((a, b) => a - b));
    }, 300_000);

    it('gives a role the password that is wanted now', async () => {
      const of = request();
      await driver.provide(of, {
        password: new SecretValue('0ld'),
        signal,
        onProgress: () => {},
      });
      await expect(query(of, 'SELECT 1')).rejects.toThrow(
        /password authentication failed/,
      );
      await provide(of);
      expect(await query(of, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });

    it('gives nobody what is there under the same name and marked as somebody else’s', async () => {
      const of = request();
      await provide(of);
      const { host, port, user, password: own } = sandbox.connection.postgres;
      const admin = new Client({
        ...{ host, port, user, password: own, database: 'postgres' },
      });
      await admin.connect();
      const { user: role } = driver.connectionOf(of);
      const mark = async (what: string, uid: string) =>
        admin.query(
          `COMMENT ON ${what} "${role}" IS 'highroad environment ${uid}'`,
        );
      try {
        for (const what of ['ROLE', 'DATABASE']) {
          await mark(what, 'staging component:default/other');
          await expect(
            driver.provide(of, {
              password: new SecretValue('mine'),
              signal,
              onProgress: () => {},
            }),
          ).rejects.toThrow(/not marked as that of this environment/);
          await mark(what, of.environmentUid);
        }
        // Of an environment that has this uid in another cluster, such as a copy of this one.
        await mark('ROLE', `${of.environmentUid} in cluster ${randomUUID()}`);
        await expect(
          driver.provide(of, { password, signal, onProgress: () => {} }),
        ).rejects.toThrow(/not marked as that of this environment/);
        await mark('ROLE', of.environmentUid);
        // One of a cluster is of that one still where the platform does not know which it is now.
        await mark('ROLE', `${of.environmentUid} in cluster ${CLUSTER}`);
        await provide({ ...of, cluster: undefined });
        expect(await driver.holdings(signal)).toContainEqual(
          expect.objectContaining({
            environmentUid: of.environmentUid,
            cluster: CLUSTER,
          }),
        );
        // What was cut off before its comment is taken up.
        await admin.query(`COMMENT ON DATABASE "${role}" IS NULL`);
        await provide(of);
      } finally {
        await admin.end();
      }
    });

    it.each([
      'COPY (SELECT 1 AS " from stdin") TO stdout;',
      `CREATE TABLE a (t text);
SET standard_conforming_strings = off;
COPY a FROM stdin NULL 'x\\''; SELECT 1; --';
\\.`,
    ])(
      'survives a COPY that answers otherwise than one that takes rows: %#',
      async text => {
        const of = request();
        const outcome = await provide(of, text).catch(error => error);
        expect(outcome).toBeDefined();
        expect(await query(of, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      },
    );

    it('is kept from making a database by nobody who is connected to the template', async () => {
      const of = request();
      await provide(of);
      const client = new Client({
        ...{ ...driver.connectionOf(of), database: 'template1' },
        password: password.reveal(),
      });
      client.on('error', () => {});
      await client.connect();
      try {
        const next = request();
        await provide(next, 'CREATE TABLE a (id int);');
        expect(await query(next, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      } finally {
        await client.end();
      }
    });

    it('takes away what a role has made in databases that are not its own, with whoever is connected there', async () => {
      const of = request();
      await provide(of);
      const clients = ['postgres', 'template1'].map(
        database =>
          new Client({
            ...{ ...driver.connectionOf(of), database },
            password: password.reveal(),
          }),
      );
      for (const client of clients) {
        client.on('error', () => {});
        await client.connect();
        await client.query('SELECT lo_create(0)');
      }
      await driver.removeAll(of, signal);
      const held = await driver.holdings(signal);
      expect(held.map(one => one.environmentUid)).not.toContain(
        of.environmentUid,
      );
      for (const client of clients) await client.end().catch(() => {});
    });

    it('takes away all of an environment, with whoever is connected, and nothing of others', async () => {
      const [of, other] = [request(), request()];
      await provide(of, DUMP);
      await provide({ ...of, name: 'second' });
      await provide(other);
      const client = new Client({
        ...driver.connectionOf(of),
        password: password.reveal(),
      });
      client.on('error', () => {});
      await client.connect();
      // A copy of the environment in another cluster, that is taken away there.
      await driver.removeAll({ ...of, cluster: randomUUID() }, signal);
      expect(await query(of, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await driver.removeAll(of, signal);
      await driver.removeAll(of, signal);
      const held = await driver.holdings(signal);
      expect(
        held.filter(one => one.environmentUid === of.environmentUid),
      ).toEqual([]);
      expect(held).toContainEqual({
        environmentUid: other.environmentUid,
        cluster: other.cluster,
        names: [driver.connectionOf(other).database],
      });
      await expect(query(of, 'SELECT 1')).rejects.toThrow();
      expect(await query(other, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });
  },
);
