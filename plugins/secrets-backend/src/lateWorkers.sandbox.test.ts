import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { Barrier } from './__testUtils__/Barrier';
import { EchoingPostgres } from './__testUtils__/EchoingPostgres';
import { SandboxWorld, until } from './__testUtils__/SandboxWorld';
import { RotationStore } from './database/RotationStore';
import { VersionStore } from './database/VersionStore';
import { alternatingRoles } from './drivers/postgres/alternatingRoles';
import { PostgresServers } from './drivers/postgres/PostgresServers';
import { Generators } from './service/rotation/Generators';
import { Rotator } from './service/rotation/Rotator';
import { Recorder } from './service/Recorder';
import { SecretService } from './service/SecretService';

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const KEY = 'DATABASE_URL';
const HOUR = 3_600_000;

describeWithSandbox(
  'a worker that stands still while another takes over',
  ['cluster', 'vault', 'postgres'],
  sandbox => {
    let world: SandboxWorld;
    let slowWay: EchoingPostgres;
    let rotations: RotationStore;
    let role: string;
    let told: string[];
    const path = () => ({
      ...{ service: world.service, environment: 'staging', key: KEY },
    });
    const asAdmin = async (...statements: string[]) => {
      const client = new Client({
        connectionString: sandbox.connection.postgres.url,
      });
      await client.connect();
      for (const statement of statements) await client.query(statement);
      await client.end();
    };
    const logIn = async (address: string) => {
      const client = new Client({ connectionString: address });
      try {
        await client.connect();
        await client.query('SELECT 1');
      } finally {
        await client.end();
      }
    };
    const inVault = async () => {
      const stored = await world.store.read(path(), 'reveal');
      return `${stored?.value.reveal()}`;
    };
    /** @param options.laterBy - how far its clock is, in milliseconds: what others hold is over by then */
    const worker = (options: {
      url?: string;
      laterBy?: number;
      beforeWriting?: Barrier;
    }) => {
      const { laterBy = 0, beforeWriting } = options;
      const { url = sandbox.connection.postgres.url } = options;
      const generators = new Generators();
      // Addresses name the server itself, also where the way to it is a slow one.
      const hosts = [new URL(sandbox.connection.postgres.url).host];
      generators.addGenerator(
        'postgres',
        alternatingRoles(new PostgresServers([{ name: 'main', url, hosts }])),
      );
      const { secrets } = world;
      return new Rotator({
        ...{ generators, rotations, logger: mockServices.logger.mock() },
        now: () => new Date(Date.now() + laterBy),
        alerts: {
          failed: async (_, problem) => void told.push(problem),
          due: async () => {},
          left: async (_, problem) => void told.push(problem),
        },
        followers: { behind: async () => undefined },
        isThere: async () => true,
        recorder: new Recorder({
          auditor: {
            createEvent: async () => ({
              ...{ success: async () => {}, fail: async () => {} },
            }),
          },
        }),
        secrets: {
          bring: (...args) => secrets.bring(...args),
          async set(...args: Parameters<SecretService['set']>) {
            await beforeWriting?.pass();
            return secrets.set(...args);
          },
        },
        vault: world.store,
        versions: new VersionStore(world.db),
      });
    };
    /** It is due, or what was replaced is to end, as of now. */
    const letTimeCome = (column: 'due_at' | 'retire_at') => {
      const past = '2020-01-01T00:00:00.000Z';
      return world.db('rotations').update({ [column]: past, look_at: past });
    };
    const standing = async () => {
      const [one] = await rotations.list(
        ...([world.service, new Date().toISOString()] as const),
      );
      return one;
    };

    beforeEach(async () => {
      world = await SandboxWorld.create(sandbox, databases);
      slowWay = await EchoingPostgres.start(
        new URL(sandbox.connection.postgres.url),
      );
      rotations = new RotationStore(world.db);
      told = [];
      role = `late_${randomBytes(4).toString('hex')}`;
      const address = new URL(sandbox.connection.postgres.url);
      Object.assign(address, {
        ...{ username: role, password: 'first', pathname: role },
      });
      await asAdmin(
        `CREATE ROLE "${role}" LOGIN PASSWORD 'first'`,
        `CREATE DATABASE "${role}" OWNER "${role}"`,
        `COMMENT ON ROLE "${role}" IS 'highroad environment staging ${world.service}'`,
      );
      await world.set('staging', { [KEY]: address.toString() });
      const now = new Date().toISOString();
      await rotations.set(
        path(),
        {
          ...{ everyDays: 30, timeZone: 'UTC', generator: 'postgres' },
          ...{ settings: { server: 'main' }, overlapHours: 1 },
        },
        {
          ...{ now, dueAt: now, dueAfter: endsAt => endsAt, newest: 1 },
          ends: () => true,
        },
      );
    });
    afterEach(async () => {
      slowWay.letGo();
      await slowWay.stop();
      await world.cleanUp();
      await asAdmin(
        `DROP DATABASE IF EXISTS "${role}" WITH (FORCE)`,
        ...[`${role}_a`, `${role}_b`, role].map(
          one => `DROP ROLE IF EXISTS "${one}"`,
        ),
      );
    });
    const slowUrl = () => {
      const through = new URL(sandbox.connection.postgres.url);
      through.host = `127.0.0.1:${slowWay.port}`;
      return through.toString();
    };

    it('changes no password of who took over', async () => {
      slowWay.keeps = /PASSWORD/;
      const slow = worker({ url: slowUrl() }).sweep();
      await until(async () => slowWay.kept === 1);
      await worker({ laterBy: 60_000 }).sweep();
      const kept = await inVault();
      expect(new URL(kept).username).toBe(`${role}_a`);
      await logIn(kept);

      slowWay.letGo();
      await slow;
      expect(await inVault()).toBe(kept);
      await logIn(kept);
      expect((await world.store.facts(path())).version).toBe(2);
      // Whoever is at it now tells whether it goes well.
      expect(told).toEqual([]);
      expect(await standing()).not.toHaveProperty('problem');
    });

    it('ends nothing that is new since', async () => {
      const quick = worker({ laterBy: 60_000 });
      for (const turn of ['a', 'b']) {
        await letTimeCome('due_at');
        await quick.sweep();
        if (turn === 'b') break;
        await letTimeCome('retire_at');
        await quick.sweep();
      }
      expect(new URL(await inVault()).username).toBe(`${role}_b`);
      await letTimeCome('retire_at');
      slowWay.keeps = /NOLOGIN/;
      const slow = worker({ url: slowUrl(), laterBy: 60_000 }).sweep();
      await until(async () => slowWay.kept === 1);
      await worker({ laterBy: 120_000 }).sweep();
      await letTimeCome('due_at');
      await worker({ laterBy: 180_000 }).sweep();
      const kept = await inVault();
      expect(new URL(kept).username).toBe(`${role}_a`);

      slowWay.letGo();
      await slow;
      await logIn(kept);
      expect(told).toEqual([]);
    });

    it('may write what it made all the same: that is what lets in then', async () => {
      const [first, second] = [new Barrier(), new Barrier()];
      const slow = worker({ beforeWriting: first }).sweep();
      await until(async () => first.arrived);
      const next = worker({ laterBy: 60_000, beforeWriting: second });
      const quick = next.sweep();
      // Each has made a password by now, the second in place of that of the first.
      await until(async () => second.arrived);
      first.open();
      await slow;
      second.open();
      await quick;
      const kept = await inVault();
      expect((await world.store.facts(path())).version).toBe(2);
      await logIn(kept);

      await worker({ laterBy: HOUR }).sweep();
      expect(await inVault()).toBe(kept);
      await logIn(kept);
      const { retiresAt, overdue, problem } = await standing();
      expect([typeof retiresAt, overdue, problem]).toEqual([
        ...['string', false, undefined],
      ]);
    });
  },
);
