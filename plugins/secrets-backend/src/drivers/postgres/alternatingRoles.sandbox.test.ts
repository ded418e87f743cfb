import { SecretValue } from '@highroad/plugin-platform-common';
import { Generation, SecretGenerator } from '@highroad/plugin-secrets-node';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { Client } from 'pg';
import { EchoingPostgres } from '../../__testUtils__/EchoingPostgres';
import { alternatingRoles } from './alternatingRoles';
import { PostgresServers } from './PostgresServers';

describeWithSandbox('roles that take turns', ['postgres'], sandbox => {
  const name = `cart_${randomBytes(4).toString('hex')}`;
  let url: string;
  let servers: PostgresServers;
  let generator: SecretGenerator;
  const settings = { server: 'main' };
  const admin = <T>(work: (client: Client) => Promise<T>) =>
    servers.connected('main', {}, work);
  const own = (user: string, password: string) => {
    const address = new URL(url);
    address.username = user;
    address.password = password;
    address.pathname = `/${name}`;
    return new SecretValue(address.toString());
  };
  let fence = 0;
  const of = (current: SecretValue | undefined): Generation => ({
    ...{ service: 'component:default/cart', environment: 'staging' },
    ...{ key: 'DATABASE_URL', settings, current, fence },
    signal: AbortSignal.timeout(30_000),
  });
  const ask = async (address: SecretValue, statement: string) => {
    const client = new Client({ connectionString: address.reveal() });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(statement)).rows;
    } finally {
      await client.end();
    }
  };

  beforeAll(() => {
    const { host, port, user, password } = sandbox.connection.postgres;
    const address = new URL(`postgres://${host}:${port}/postgres`);
    address.username = user;
    address.password = password;
    url = address.toString();
    servers = new PostgresServers([{ name: 'main', url }]);
    generator = alternatingRoles(servers);
  });
  beforeEach(async () => {
    fence = 0;
    await admin(async client => {
      await client.query(`CREATE ROLE "${name}" LOGIN PASSWORD 'first'`);
      await client.query(`CREATE DATABASE "${name}" OWNER "${name}"`);
      await client.query(
        `COMMENT ON ROLE "${name}" IS 'highroad environment staging component:default/cart'`,
      );
    });
  });
  afterEach(async () => {
    await admin(async client => {
      await client.query(`DROP DATABASE "${name}" WITH (FORCE)`);
      for (const role of [`${name}_a`, `${name}_b`, name]) {
        await client.query(`DROP ROLE IF EXISTS "${role}"`);
      }
    });
  });

  it('let the one before go on working until it is ended, and act as one owner', async () => {
    const first = own(name, 'first');
    await ask(first, 'CREATE TABLE goods (id int)');
    const second = await generator.make(of(first));
    expect(new URL(second.reveal()).username).toBe(`${name}_a`);
    await ask(second, 'INSERT INTO goods VALUES (1)');
    await ask(second, 'CREATE TABLE made_later (id int)');
    await ask(first, 'INSERT INTO made_later VALUES (1)');

    await generator.retire?.(of(second));
    await expect(ask(first, 'SELECT 1')).rejects.toThrow(/not permitted/);
    const third = await generator.make(of(second));
    expect(new URL(third.reveal()).username).toBe(`${name}_b`);
    await ask(second, 'SELECT * FROM made_later');
    await ask(third, 'ALTER TABLE made_later ADD COLUMN more int');

    await generator.retire?.(of(third));
    await expect(ask(second, 'SELECT 1')).rejects.toThrow(/not permitted/);
    const fourth = await generator.make(of(third));
    expect(new URL(fourth.reveal()).username).toBe(`${name}_a`);
    expect(fourth.reveal()).not.toBe(second.reveal());
    expect(await ask(fourth, 'SELECT count(*)::int AS n FROM goods')).toEqual([
      { n: 1 },
    ]);
  });

  it('end the one before also where the newest was deleted, which stays', async () => {
    const first = own(name, 'first');
    const second = await generator.make(of(first));
    const deleted = { ...of(first), current: undefined };
    await generator.retire?.({ ...deleted, before: first });
    await expect(ask(first, 'SELECT 1')).rejects.toThrow(/not permitted/);
    await ask(second, 'SELECT 1');
    const third = await generator.make(of(second));
    await generator.retire?.({ ...deleted, before: second });
    await expect(ask(second, 'SELECT 1')).rejects.toThrow(/not permitted/);
    await ask(third, 'SELECT 1');
  });

  it('lock nobody out where a value that was made is never kept', async () => {
    const first = own(name, 'first');
    const lost = await generator.make(of(first));
    await ask(first, 'SELECT 1');
    const kept = await generator.make(of(first));
    await ask(first, 'SELECT 1');
    await ask(kept, 'SELECT 1');
    await expect(ask(lost, 'SELECT 1')).rejects.toThrow(/password/);
  });

  it('are left as they are by whoever comes too late', async () => {
    const first = own(name, 'first');
    fence = 2;
    const second = await generator.make(of(first));
    fence = 1;
    const late = /another worker was at these roles since/;
    await expect(generator.make(of(first))).rejects.toThrow(late);
    await expect(generator.make(of(second))).rejects.toThrow(late);
    await expect(generator.confirm?.(of(second))).rejects.toThrow(late);
    await expect(generator.retire?.(of(second))).rejects.toThrow(late);
    await ask(first, 'SELECT 1');
    await ask(second, 'SELECT 1');
    fence = 3;
    await generator.retire?.(of(second));
    await expect(ask(first, 'SELECT 1')).rejects.toThrow(/not permitted/);
    fence = 2;
    await expect(generator.make(of(second))).rejects.toThrow(late);
    fence = 4;
    await ask(await generator.make(of(second)), 'SELECT 1');
  });

  it('accept what was kept, where another was made in its place that was not', async () => {
    const first = own(name, 'first');
    const kept = await generator.make(of(first));
    await generator.make(of(first));
    await expect(ask(kept, 'SELECT 1')).rejects.toThrow(/password/);
    await generator.confirm?.(of(kept));
    await ask(kept, 'SELECT 1');
    // What somebody set by hand is left as it is.
    await generator.confirm?.(of(own(name, 'other')));
    await ask(first, 'SELECT 1');
  });

  it('say of an earlier value that it was ended, and of what may work elsewhere nothing', async () => {
    const first = own(name, 'first');
    const second = await generator.make(of(first));
    const why = async (value: SecretValue) => generator.whyOver?.(of(value));
    expect([await why(first), await why(second)]).toEqual([
      ...[undefined, undefined],
    ]);
    await generator.retire?.(of(second));
    expect(await why(first)).toBe(
      `PostgreSQL "main" lets nobody in as "${name}" by it any more.`,
    );
    expect(await why(own(`${name}_a`, 'older'))).toMatch(/lets nobody in as/);
    for (const value of [own('elsewhere', 'x'), new SecretValue('hunter2')]) {
      expect(await why(value)).toBeUndefined();
    }
  });

  it('are those of one key, and say how they become another’s', async () => {
    const first = own(name, 'first');
    const second = await generator.make(of(first));
    const other = { ...of(first), key: 'READ_URL' };
    const failed = await generator.make(other).catch(error => error);
    expect(failed.message).toContain(
      `The role "${name}_a" takes turns for DATABASE_URL`,
    );
    await ask(second, 'SELECT 1');
    const [statement] = /COMMENT ON ROLE .*'/.exec(failed.message) ?? [];
    await admin(client => client.query(`${statement}`));
    await ask(await generator.make(other), 'SELECT 1');
  });

  it('are made for nobody whose role it is not, or who could do more than a service', async () => {
    const stranger = { ...of(own(name, 'x')), service: 'component:default/x' };
    await expect(generator.make(stranger)).rejects.toThrow(
      /not marked as that of this service.*COMMENT ON ROLE/,
    );
    const elsewhere = { ...of(own(name, 'x')), environment: 'production' };
    await expect(generator.make(elsewhere)).rejects.toThrow(/not marked/);
    await expect(generator.make(of(own('nobody', 'x')))).rejects.toThrow(
      'no role "nobody"',
    );
    await admin(client => client.query(`ALTER ROLE "${name}" CREATEDB`));
    await expect(generator.make(of(own(name, 'x')))).rejects.toThrow(
      /may do more than one service should/,
    );
  });

  it('are not touched for an address of another server, which is said', async () => {
    const first = own(name, 'first');
    const second = await generator.make(of(first));
    const moved = new URL(second.reveal());
    moved.hostname = 'pg2.example.com';
    const elsewhere = new SecretValue(moved.toString());
    const failed = await generator.make(of(elsewhere)).catch(error => error);
    expect(failed.message).toContain(
      `not one of the PostgreSQL server "main", which is at ${
        new URL(url).host
      }`,
    );
    expect(failed.message).not.toContain('pg2');
    expect(
      await admin(async client => {
        const asked = 'SELECT FROM pg_roles WHERE rolname = $1';
        return (await client.query(asked, [`${name}_b`])).rowCount;
      }),
    ).toBe(0);
    await generator.retire?.(of(second));
    moved.username = name;
    const before = new SecretValue(moved.toString());
    expect(await generator.whyOver?.(of(before))).toBeUndefined();
    expect(await generator.whyOver?.(of(first))).toMatch(/lets nobody in/);
  });

  it('are made by another name of the server where the configuration says so, and for that name', async () => {
    const named = new URL(own(name, 'first').reveal());
    named.hostname = 'PG.internal';
    const made = await alternatingRoles(
      new PostgresServers([{ name: 'main', url, hosts: ['pg.internal'] }]),
    ).make(of(new SecretValue(named.toString())));
    const { hostname, port, username } = new URL(made.reveal());
    expect({ hostname, port, username }).toEqual({
      ...{ hostname: 'PG.internal', port: new URL(url).port },
      username: `${name}_a`,
    });
  });

  it('say nothing of a statement that the server repeats in its error', async () => {
    const echoing = await EchoingPostgres.start(new URL(url));
    echoing.echoes = /^DO .*PASSWORD/s;
    const through = new URL(url);
    through.host = `127.0.0.1:${echoing.port}`;
    const failed = await alternatingRoles(
      new PostgresServers([
        {
          ...{ name: 'main', url: through.toString() },
          hosts: [new URL(url).host],
        },
      ]),
    )
      .make(of(own(name, 'first')))
      .catch(error => error);
    expect(echoing.echoed).toEqual([expect.stringContaining('SCRAM-SHA-256')]);
    expect(failed.message).toBe(
      'PostgreSQL "main": it answered with error P0001; its log says more.',
    );
    expect(inspect(failed)).not.toMatch(/SCRAM|ALTER/);
    // The one that it was to replace goes on.
    await ask(own(name, 'first'), 'SELECT 1');
    await echoing.stop();
  });

  it('say what the value has to be, and never what it is', async () => {
    for (const value of ['hunter2', 'mysql://cart:hunter2@host/cart', '']) {
      const failed = generator.make(of(new SecretValue(value)));
      await expect(failed).rejects.toThrow('has to be an address such as');
      await expect(failed).rejects.not.toThrow(/hunter2/);
    }
    await expect(generator.make(of(undefined))).rejects.toThrow('address');
  });
});
