import {
  EnvironmentDatabaseStatus,
  environmentDatabaseSchema,
  environmentManifestSchema,
} from '@highroad/plugin-environments-common';
import {
  DatabaseDriver,
  Seed,
  SeedRefusedError,
} from '@highroad/plugin-environments-node';
import { SecretValue } from '@highroad/plugin-platform-common';
import { parsePreviewSettings } from '../service/PreviewSettings';
import { databaseStatusOf } from './databaseStatus';
import { DatabaseJob, DatabaseWork } from './DatabaseWork';

const database = environmentDatabaseSchema.parse({ type: 'postgres' });
const seeded = environmentDatabaseSchema.parse({
  ...{ type: 'postgres', seed: 'a.sql' },
});
const READY: EnvironmentDatabaseStatus = {
  ...{ name: 'main', type: 'postgres', driver: 'server', state: 'ready' },
};
const begun: DatabaseWork[] = [];
afterEach(() => Promise.all(begun.splice(0).map(work => work.stop())));

/** Goes on until it is broken off. */
const untilOff = (signal: AbortSignal) =>
  new Promise<undefined>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
const settled = () => new Promise(setImmediate);
const seed: Seed = {
  ...{ path: 'a.sql', repository: 'https://git.test/a', size: 1 },
  ...{ commit: 'c'.repeat(40), content: 'c' },
  async *open() {},
  release: async () => {},
};

function world(
  provide: DatabaseDriver['provide'],
  find: () => Promise<Seed> = async () => seed,
) {
  const time = { now: 0 };
  const work = new DatabaseWork({
    seeds: { find },
    now: () => time.now,
    seedMs: 60_000,
    onNews: () => {},
  });
  begun.push(work);
  const { spec } = environmentManifestSchema.parse({
    ...{ apiVersion: 'platform.myorg.com/v1', kind: 'Environment' },
    metadata: { name: 'demo' },
    spec: { type: 'preview', services: [{ name: 'api', image: 'a/api:1' }] },
  });
  const driver: DatabaseDriver = {
    connectionOf: () => ({ host: 'h', port: 1, database: 'd', user: 'u' }),
    provide,
    removeAll: async () => {},
    holdings: async () => [],
  };
  const job: DatabaseJob = {
    ...{ database, driver },
    target: {
      ...{ spec, slug: 'demo', namespace: 'env-demo' },
      ...{ owner: 'group:default/shop', labels: {} },
      settings: parsePreviewSettings({ cluster: 'test' }),
      resource: {
        ...{ home: 'environments', name: 'demo', uid: 'u', generation: 1 },
        ...{ resourceVersion: '1', createdAt: new Date(0), finalizers: [] },
        ...{ labels: {}, annotations: {}, spec },
        status: {
          ...{ conditions: [], services: [], databases: [], warnings: [] },
        },
      },
    },
    request: { environmentUid: 'u', environment: 'demo', name: 'main' },
    ...{ password: new SecretValue('a'), where: 'there' },
  };
  const look = (more: Partial<DatabaseJob> = {}, key = 'u/main', of = 'of') =>
    databaseStatusOf(work.on(key, of, { ...job, ...more }), database, {
      ...{ driver: 'server', now: time.now },
    });
  return { time, look, work };
}

it('tells of one that is ready what was told, while it is looked at again', async () => {
  const { time, look } = world(async () => undefined);
  expect(look().status.state).toBe('creating');
  await settled();
  expect(look().status).toEqual(READY);
  time.now = 600_001;
  expect(look({ told: READY }).status).toEqual(READY);
  await settled();
  expect(look({ told: READY }).status).toEqual(READY);
});

it('tells what a look fails at', async () => {
  const { look } = world(async () => {
    throw new Error('no connection');
  });
  expect(look({ told: READY })).toEqual({ status: READY });
  await settled();
  expect(look({ told: READY })).toMatchObject({
    status: { state: 'creating', message: 'no connection' },
    troubled: true,
  });
});

it('does not tell of one that has to be seeded again that it is ready', async () => {
  const { look } = world(async (_of, options) => {
    await options.seed?.();
    return untilOff(options.signal);
  });
  const again = { database: seeded, told: READY };
  expect(look(again).status.state).toBe('ready');
  await settled();
  expect(look(again)).toMatchObject({
    status: {
      state: 'creating',
      message: expect.stringContaining('seeded anew'),
    },
    troubled: true,
  });
});

it('tells while it is tried again what the try before failed at', async () => {
  let tries = 0;
  const { time, look } = world(async () => {
    tries += 1;
    if (tries === 1) throw new Error('no connection');
    return undefined;
  });
  look();
  await settled();
  const failed = look();
  time.now = 1_000;
  const again = look();
  expect(again.status).toEqual(failed.status);
  expect(again.troubled).toBe(true);
  await settled();
  expect(look()).toEqual({ status: READY });
});

it('tries a seed again that was refused once its file is another, and until then stays failed', async () => {
  let commit = 'a'.repeat(40);
  let content = 'wrong';
  const applied: string[] = [];
  const released: string[] = [];
  const { time, look } = world(
    async (_of, options) => {
      const found = await options.seed?.();
      applied.push(found?.commit ?? '');
      if (found?.content === 'wrong')
        throw new SeedRefusedError('line 2: no', 2);
      return undefined;
    },
    async () => ({
      ...{ ...seed, commit, content },
      release: async () => void released.push(commit),
    }),
  );
  const one = { database: seeded };
  look(one);
  await settled();
  const failed = look(one);
  expect(failed.status).toMatchObject({
    state: 'failed',
    message: 'line 2: no',
  });
  time.now = 60_000;
  expect(look(one)).toEqual(failed);
  await settled();
  expect(look(one)).toEqual(failed);
  expect(applied).toEqual(['a'.repeat(40)]);
  expect(released).toEqual(['a'.repeat(40)]);

  // A commit that changes other files only is no reason to try.
  commit = 'b'.repeat(40);
  time.now = 120_000;
  look(one);
  await settled();
  expect(look(one)).toEqual(failed);
  expect(applied).toHaveLength(1);

  commit = 'c'.repeat(40);
  content = 'right';
  time.now = 180_000;
  look(one);
  await settled();
  expect(look(one).status.state).toBe('ready');
  expect(applied).toHaveLength(2);
});

it('tries a seed that was refused again with another commit only where that has another file, or for another database', async () => {
  let commit = 'a'.repeat(40);
  let content = 'wrong';
  const applied: string[] = [];
  const { look } = world(
    async (_of, options) => {
      const found = await options.seed?.();
      applied.push(found?.commit ?? '');
      if (found?.content === 'wrong')
        throw new SeedRefusedError('line 2: no', 2);
      return undefined;
    },
    async () => ({ ...seed, commit, content }),
  );
  const at = async (where = 'there') => {
    const one = { database: seeded, where };
    look(one, 'u/main', `${commit} ${where}`);
    await settled();
    return look(one, 'u/main', `${commit} ${where}`).status;
  };
  expect(await at()).toMatchObject({ state: 'failed', message: 'line 2: no' });
  commit = 'b'.repeat(40);
  expect(await at()).toMatchObject({ state: 'failed', message: 'line 2: no' });
  expect(applied).toEqual(['a'.repeat(40)]);
  expect(await at('another')).toMatchObject({ state: 'failed' });
  expect(applied).toEqual(['a'.repeat(40), 'b'.repeat(40)]);
  commit = 'c'.repeat(40);
  content = 'right';
  expect(await at('another')).toMatchObject({ state: 'ready' });
});

it('looks at twelve at once, among which those are not that are seeded', async () => {
  let asked = 0;
  const finish: Array<() => void> = [];
  const { look } = world(async (_of, options) => {
    asked += 1;
    await options.seed?.();
    await Promise.race([
      untilOff(options.signal),
      new Promise<void>(resolve => {
        finish.push(resolve);
      }),
    ]);
    return undefined;
  });
  for (let at = 0; at < 20; at += 1) look({}, `u/plain-${at}`);
  await settled();
  expect(asked).toBe(12);
  for (const one of finish.splice(0)) one();
  await settled();
  expect(asked).toBe(20);
  for (const one of finish.splice(0)) one();
  await settled();

  const keys = Array.from({ length: 30 }, (_, at) => `u/seeded-${at}`);
  const states = () =>
    keys.map(key => look({ database: seeded }, key).status.message);
  states();
  await settled();
  await settled();
  expect(asked).toBe(50);
  expect(states().filter(one => one?.includes('its turn'))).toHaveLength(6);
});
