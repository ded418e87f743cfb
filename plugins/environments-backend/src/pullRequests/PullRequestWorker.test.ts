import {
  mockServices,
  TestDatabaseId,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { until } from './__testUtils__/until';
import { memorySchema } from './Memory';
import { PullRequestStore, WHOLE_REPOSITORY } from './PullRequestStore';
import { PullRequestWorker } from './PullRequestWorker';

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const [DATABASE]: TestDatabaseId[] = ['SQLITE_3'];
const MANY = 300;

describe('the worker that looks at pull requests', () => {
  it('looks again when it is told to', async () => {
    const db = await databases.init(DATABASE);
    await db.migrate.latest({
      directory: resolvePackagePath(
        '@highroad/plugin-environments-backend',
        'migrations',
      ),
    });
    const looks: number[] = [];
    const worker = new PullRequestWorker({
      ...{ holder: 'one', logger: mockServices.logger.mock() },
      store: new PullRequestStore(db),
      ...{ now: () => new Date(), random: () => 1, relistMs: 60_000 },
      reconciler: {
        async look(_ref, memory) {
          looks.push(Date.now());
          return {
            ...{ memory, finished: false, soon: false },
            ...(looks.length === 1 && { askAgainMs: 1_500 }),
          };
        },
      },
      relisting: {
        discover: async () => {},
        findChanges: async () => {},
        list: async () => true,
      },
    });
    worker.start();
    try {
      const name = { host: 'git.test', owner: 'acme', name: 'cart' };
      await worker.want({ ...name, number: 12 });
      await until('a second look', () => looks.length > 1);
    } finally {
      await worker.stop();
      await db.destroy();
    }
    expect(looks[1] - looks[0]).toBeGreaterThanOrEqual(1_400);
    expect(looks).toHaveLength(2);
  });
});

describe('the worker while it is found out which repositories there are', () => {
  it('looks at pull requests all the same, however long that takes', async () => {
    const db = await databases.init(DATABASE);
    await db.migrate.latest({
      directory: resolvePackagePath(
        '@highroad/plugin-environments-backend',
        'migrations',
      ),
    });
    let answer = () => {};
    const catalog = new Promise<void>(resolve => {
      answer = resolve;
    });
    const looks: number[] = [];
    const worker = new PullRequestWorker({
      ...{ holder: 'one', logger: mockServices.logger.mock() },
      store: new PullRequestStore(db),
      ...{ now: () => new Date(), random: () => 1, relistMs: 60_000 },
      reconciler: {
        async look({ number }, memory) {
          looks.push(number);
          return { memory, finished: false, soon: false };
        },
      },
      relisting: {
        discover: () => catalog,
        findChanges: async () => {},
        list: async () => true,
      },
    });
    worker.start();
    try {
      const name = { host: 'git.test', owner: 'acme', name: 'cart' };
      await worker.want({ ...name, number: 12 });
      await until('a look', () => looks.length > 0);
    } finally {
      answer();
      await worker.stop();
      await db.destroy();
    }
    expect(looks).toEqual([12]);
  });
});

describe('the worker that lists repositories', () => {
  it('lists those with environments first, however many others wait, and these too', async () => {
    const db = await databases.init(DATABASE);
    await db.migrate.latest({
      directory: resolvePackagePath(
        '@highroad/plugin-environments-backend',
        'migrations',
      ),
    });
    const store = new PullRequestStore(db);
    const repository = (name: string) => ({
      ...{ host: 'git.test', owner: 'acme', name },
      number: WHOLE_REPOSITORY,
    });
    const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
    const others = Array.from({ length: MANY }, (_, at) => `other-${at}`);
    await store.know(others.map(repository), ago(60_000));
    await store.know([repository('live')], ago(1_000));
    await store.know([{ ...repository('live'), number: 12 }], ago(1_000));
    const [item] = await store.claim({
      ...{ kind: 'pull-requests', holder: 'test', limit: 1 },
      ...{ now: ago(0), until: ago(-1_000) },
    });
    const applied = { uid: 'u', commit: 'c', digest: 'd', found: true };
    await store.release(item, {
      memory: memorySchema.parse({ applied }),
      ...{ dueAt: ago(-600_000), tries: 0 },
    });

    const listed: string[] = [];
    const worker = new PullRequestWorker({
      ...{ holder: 'one', logger: mockServices.logger.mock(), store },
      ...{ now: () => new Date(), random: () => 1, relistMs: 1_000 },
      reconciler: { look: () => Promise.reject(new Error('Not here.')) },
      relisting: {
        discover: async () => {},
        findChanges: async () => {},
        async list({ name }) {
          listed.push(name);
          return true;
        },
      },
    });
    worker.start();
    try {
      await until('many to be listed', () => listed.length >= 40);
    } finally {
      await worker.stop();
      await db.destroy();
    }
    expect(listed[0]).toBe('live');
    const again = listed.filter(name => name === 'live').length;
    // Some four seconds have passed, and it is due each second.
    expect(again).toBeGreaterThanOrEqual(3);
    expect(listed.length - again).toBeGreaterThanOrEqual(listed.length / 4);
  });
});
