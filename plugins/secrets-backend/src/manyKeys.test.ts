import {
  BackstageCredentials,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { NotAllowedError, ServiceUnavailableError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { JsonObject } from '@backstage/types';
import { SecretValue } from '@highroad/plugin-platform-common';
import { actorOf, Call, Implementations } from '@highroad/plugin-platform-node';
import { Places } from '@highroad/plugin-platform-node/kubernetes';
import { secretOperations } from '@highroad/plugin-secrets-common';
import { z } from 'zod';
import { keysNamed } from './__testUtils__/keysNamed';
import { LedgerAuditor } from './__testUtils__/LedgerAuditor';
import { MemoryVault } from './__testUtils__/MemoryVault';
import { RotationStore } from './database/RotationStore';
import { SyncStore } from './database/SyncStore';
import { VersionStore } from './database/VersionStore';
import { secretImplementations } from './implementations';
import { Recorder } from './service/Recorder';
import { Generators } from './service/rotation/Generators';
import { SecretReader } from './service/SecretReader';
import { SecretService } from './service/SecretService';
import { notConnected, StoreStatus } from './service/StoreStatus';
import { SyncWishes } from './service/SyncWishes';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const service = 'component:default/cart';
const ann = mockCredentials.user('user:default/ann');
const environments = mockCredentials.service('plugin:environments');

describe('what is about more keys than one record names', () => {
  let auditor: LedgerAuditor;
  let operations: Implementations<typeof secretOperations>;
  let vault: MemoryVault;
  /** What the record of the call says besides */
  let noted: JsonObject;
  let reads: string[];

  const callOf = <I>(
    input: I,
    credentials: BackstageCredentials = ann,
  ): Call<I> => ({
    ...{ input, credentials, actor: actorOf(credentials), door: 'cli' },
    ...{ correlation: 'one', signal: new AbortController().signal },
    decision: { result: AuthorizeResult.ALLOW },
    visible: async () => undefined,
    note: meta => Object.assign(noted, meta),
  });
  const keep = async (environment: string, keys: string[]) => {
    for (const key of keys) {
      await vault.write(
        { service, environment, key },
        { value: new SecretValue('v'), encoding: 'text' },
        { after: 0 },
      );
    }
  };
  const run = () =>
    operations.run.handle(
      callOf({ service, environment: 'staging', reason: 'to try' }),
    );
  const diff = () =>
    operations.diff.handle(
      callOf({ service, from: 'staging', to: 'qa', kept: false }),
    );
  const bring = (keys: string[], environment?: string) =>
    operations.importAll.handle(
      callOf({
        ...{ service, environment },
        entries: keys.map(key => ({
          ...{ key, value: new SecretValue('v') },
          encoding: 'text' as const,
        })),
      }),
    );
  const lend = (keys: string[], credentials?: BackstageCredentials) =>
    operations.lend.handle(
      callOf(
        { service, environment: 'staging', keys, to: 'pr-1' },
        credentials,
      ),
    );
  const found = (answer: unknown) =>
    z
      .object({ items: z.array(z.object({ key: z.string() })) })
      .parse(answer)
      .items.map(({ key }) => key);
  const ended = async () =>
    (await auditor.records()).filter(({ phase }) => phase === 'outcome');

  beforeEach(async () => {
    const db = await databases.init('SQLITE_3');
    await db.migrate.latest({
      directory: resolvePackagePath(
        '@highroad/plugin-secrets-backend',
        'migrations',
      ),
    });
    auditor = await LedgerAuditor.create();
    vault = new MemoryVault();
    noted = {};
    reads = [];
    const read = vault.read.bind(vault);
    vault.read = async (...args) => {
      reads.push(args[0].key);
      return read(...args);
    };
    const now = () => new Date('2027-01-01T00:00:00Z');
    const syncs = new SyncStore(db);
    const places = new Places(
      ['staging', 'qa', 'production'].map(name => ({
        ...{ name, production: name === 'production', cluster: 'main' },
        namespace: '{service}-{environment}',
      })),
    );
    const shared = {
      ...{ places, syncs, vault, versions: new VersionStore(db) },
      services: {
        require: async () => {},
        existing: async (all: string[]) => new Set(all),
      },
      wishes: new SyncWishes({ now, syncs }),
      reconciler: { look: async () => {} },
    };
    const reader = new SecretReader(shared);
    const secrets = new SecretService({
      ...{ ...shared, now, reader, logger: mockServices.logger.mock() },
    });
    operations = secretImplementations({
      ...{ now, places, syncs, rotations: new RotationStore(db) },
      ...{ reader: () => reader, secrets: () => secrets },
      ...{ attention: notConnected, loans: notConnected },
      ...{ rotator: notConnected, generators: new Generators() },
      keys: place => vault.keys(place),
      permissions: mockServices.permissions(),
      readThemselves: () => false,
      recorder: new Recorder({ auditor }),
      status: new StoreStatus({}),
    });
  });
  afterEach(() => auditor.stop());

  it('is recorded by parts before a program is given values: each key in one', async () => {
    const keys = keysNamed(450);
    await keep('staging', keys);
    const { read } = vault;
    let before: string[] | undefined;
    vault.read = async (...args) => {
      before ??= (await auditor.records()).flatMap(({ meta }) => meta.keys);
      return read(...args);
    };
    expect(found(await run())).toEqual(keys);
    expect(before).toEqual(keys);
    expect(noted).toEqual({ parts: 3 });
    const records = await ended();
    expect(records.flatMap(({ meta }) => meta.keys)).toEqual(keys);
    expect(records).toHaveLength(3);
    for (const record of records) {
      expect(record).toMatchObject({
        ...{ event: 'run', outcome: 'succeeded', service, door: 'cli' },
        ...{ environment: 'staging', correlation: 'one', reason: 'to try' },
        ...{ actor: { kind: 'user', ref: 'user:default/ann' } },
        severity: 'critical',
      });
    }
  });

  it('says in the end which of them a program was not given', async () => {
    const keys = keysNamed(250);
    await keep('staging', keys);
    vault.deleteVersion({ service, environment: 'staging', key: keys[3] }, 1);
    const rest = keys.filter(key => key !== keys[3]);
    expect(found(await run())).toEqual(rest);
    const [first, second] = await ended();
    expect([...first.meta.keys, ...second.meta.keys]).toEqual(keys);
    expect([first.meta.without, second.meta.without]).toEqual([
      [keys[3]],
      undefined,
    ]);
  });

  it('is in the one record of the call where that names all, also where it fails half way', async () => {
    const keys = keysNamed(200);
    await keep('staging', keys);
    await run();
    expect(noted).toEqual({ keys });
    expect(await auditor.records()).toEqual([]);
    noted = {};
    vault.read = async () => {
      throw new Error('Vault is sealed.');
    };
    await expect(run()).rejects.toThrow('Vault is sealed.');
    expect(noted).toEqual({ keys });
  });

  it('gives nobody what was set while it was being recorded', async () => {
    const keys = keysNamed(201);
    await keep('staging', keys);
    const all = vault.keys.bind(vault);
    let lists = 0;
    vault.keys = async place => {
      lists += 1;
      if (lists === 2) await keep('staging', ['LATE']);
      return all(place);
    };
    expect(found(await run())).toEqual(keys);
  });

  it('is not read at all where one of the parts cannot be recorded', async () => {
    await keep('staging', keysNamed(450));
    auditor.left = 2;
    await expect(run()).rejects.toThrow(ServiceUnavailableError);
    auditor.left = 1;
    await expect(diff()).rejects.toThrow(ServiceUnavailableError);
    expect(reads).toEqual([]);
    const records = await ended();
    expect(records.map(({ outcome }) => outcome)).toEqual([
      ...['refused', 'refused', 'refused'],
    ]);
  });

  it('is recorded by parts where environments are compared, with the keys of both', async () => {
    const keys = keysNamed(250);
    await keep('staging', keys.slice(0, 150));
    await keep('qa', keys.slice(100));
    let before = 0;
    const { read } = vault;
    vault.read = async (...args) => {
      before ||= (await auditor.records()).length;
      return read(...args);
    };
    expect(found(await diff())).toEqual(keys);
    expect(before).toBe(2);
    const records = await ended();
    expect(records.flatMap(({ meta }) => meta.keys)).toEqual(keys);
    expect(records[1]).toMatchObject({
      ...{ event: 'diff', meta: { environments: ['staging', 'qa'] } },
    });
  });

  it('names each key that is brought in, and what became of it where', async () => {
    const keys = keysNamed(200, 120);
    await bring(keys);
    const records = await ended();
    expect(records.flatMap(({ meta }) => meta.keys)).toEqual(keys);
    const changes = records.flatMap(({ meta }) => meta.changes);
    expect([...changes].sort()).toEqual(
      ['staging', 'qa']
        .flatMap(name => keys.map(key => `${name}/${key}: set, version 1`))
        .sort(),
    );
    for (const { meta } of records) {
      expect([meta.environments, meta.cut]).toEqual([
        ['staging', 'qa'],
        undefined,
      ]);
    }
  });

  it('names keys that are brought into one environment in the one record of the call', async () => {
    await bring(keysNamed(200), 'staging');
    expect(noted).toMatchObject({
      changes: expect.arrayContaining(['staging/KEY_0199: set, version 1']),
    });
    expect(await auditor.records()).toEqual([]);
  });

  it('sets nothing where one of the parts cannot be recorded', async () => {
    auditor.left = 1;
    await expect(bring(keysNamed(200, 120))).rejects.toThrow(
      ServiceUnavailableError,
    );
    expect(await vault.keys({ service, environment: 'staging' })).toEqual([]);
  });

  it('names each key that is lent, or is refused to somebody', async () => {
    const keys = keysNamed(200, 128);
    await keep('staging', keys);
    expect(found(await lend(keys, environments))).toEqual(keys);
    await expect(lend(keys)).rejects.toThrow(NotAllowedError);
    const records = await ended();
    for (const outcome of ['succeeded', 'refused']) {
      const those = records.filter(one => one.outcome === outcome);
      expect(those.flatMap(({ meta }) => meta.keys)).toEqual(keys);
    }
  });

  it('has as many records as it takes to name each key, where a call is refused before it begins', async () => {
    const input = { service, environment: 'staging', to: 'pr-1' };
    const keys = keysNamed(200, 128);
    const entries = keys.map(key => ({
      ...{ key, value: new SecretValue('v') },
      encoding: 'text' as const,
    }));
    const targets = [
      await operations.lend.target?.({ ...input, keys }, ann),
      await operations.importAll.target?.({ ...input, entries }, ann),
    ];
    for (const target of targets) {
      const { detail, furtherDetails = [] } = target ?? {};
      const named = [detail, ...furtherDetails].map(one =>
        z.array(z.string()).parse(one?.keys),
      );
      expect(named.length).toBeGreaterThan(1);
      expect(named.flat()).toEqual(keys);
      for (const part of named) {
        expect(JSON.stringify(part).length).toBeLessThan(16_000);
      }
    }
    expect(targets[0]?.furtherDetails).toMatchObject([{ to: 'pr-1' }]);
    const few = keysNamed(200);
    expect(
      await operations.lend.target?.({ ...input, keys: few }, ann),
    ).toMatchObject({ detail: { keys: few }, furtherDetails: [] });
  });
});
