import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { newMemory } from './Memory';
import {
  LostLookError,
  PullRequestStore,
  WHOLE_REPOSITORY,
} from './PullRequestStore';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const ref = {
  host: 'git.example.com',
  owner: 'acme',
  name: 'cart',
  number: 12,
};
const time = (second: number) =>
  new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
const claim = (store: PullRequestStore, at: number, holder = 'one') =>
  store.claim({
    ...{ kind: 'pull-requests' as const, holder, limit: 10 },
    ...{ now: time(at), until: time(at + 60) },
  });

describe.each(databases.eachSupportedId())('pull requests in %s', id => {
  let db: Knex;
  let store: PullRequestStore;

  beforeAll(async () => {
    db = await databases.init(id);
    await db.migrate.latest({
      directory: resolvePackagePath(
        '@highroad/plugin-environments-backend',
        'migrations',
      ),
    });
    store = new PullRequestStore(db);
  });
  afterAll(() => db?.destroy());
  beforeEach(() => db('pull_requests').delete());

  it('are taken when they are due, by one worker', async () => {
    await store.want([ref], time(10));
    expect(await claim(store, 9)).toEqual([]);
    expect(await claim(store, 10)).toMatchObject([{ ref, tries: 0 }]);
    expect(await claim(store, 11, 'two')).toEqual([]);
  });

  it('of thousands of repositories become known by a few statements, and what is known stays', async () => {
    const repository = (name: string) => ({
      ...{ host: 'git.example.com', owner: 'acme', name },
      number: WHOLE_REPOSITORY,
    });
    const many = Array.from({ length: 2_500 }, (_, at) =>
      repository(`service-${at}`),
    );
    await store.know([many[7]], time(0));
    let statements = 0;
    const count = () => {
      statements += 1;
    };
    db.on('query', count);
    await store.know([...many, many[8]], time(60));
    db.off('query', count);
    expect(statements).toBeLessThan(100);
    const due = await store.claim({
      ...{ kind: 'repositories', holder: 'one', limit: 10 },
      ...{ now: time(59), until: time(90) },
    });
    expect(due.map(({ ref: { name } }) => name)).toEqual(['service-7']);
    const all = await store.claim({
      ...{ kind: 'repositories', holder: 'one', limit: 3_000 },
      ...{ now: time(61), until: time(90) },
    });
    expect(all).toHaveLength(2_499);
  });

  it('come back after they ended, unless somebody is at them, whose late words count no more', async () => {
    const ended = { why: 'gone' as const, commit: 'c0ffee', by: '' };
    const memory = { ...newMemory(), ended };
    await store.want([ref], time(0));
    const [item] = await claim(store, 1);
    await store.keep(item, memory);
    await expect(store.revive(ref, time(2))).rejects.toThrow(/just now/);
    expect((await store.find(ref))?.memory.ended).toEqual(ended);
    // Its lease is over.
    await store.revive(ref, time(100));
    expect((await store.find(ref))?.memory.ended).toBeUndefined();
    await expect(store.keep(item, memory)).rejects.toThrow(LostLookError);
  });

  it('are taken apart from the repositories that they are listed of', async () => {
    await store.want([{ ...ref, number: WHOLE_REPOSITORY }], time(0));
    expect(await claim(store, 1)).toEqual([]);
    const [repository] = await store.claim({
      ...{ kind: 'repositories' as const, holder: 'one', limit: 10 },
      ...{ now: time(1), until: time(61) },
    });
    expect(repository.ref.number).toBe(WHOLE_REPOSITORY);
  });

  it('are one, however their letters are written', async () => {
    await store.want([ref, { ...ref, owner: 'Acme', name: 'CART' }], time(0));
    expect(await claim(store, 1)).toHaveLength(1);
    expect(
      await store.ofRepository(ref.host, { owner: 'ACME', name: 'cart' }),
    ).toHaveLength(1);
  });

  it('are looked at again where that was asked for meanwhile', async () => {
    await store.want([ref], time(0));
    const [item] = await claim(store, 1);
    await store.want([ref], time(2));
    const memory = { ...newMemory(), status: 'x' };
    await store.release(item, { memory, dueAt: time(600), tries: 0 });
    expect(await claim(store, 3)).toMatchObject([{ memory: { status: 'x' } }]);
  });

  it('are looked at sooner, never later, by what is asked for', async () => {
    await store.want([ref], time(10));
    await store.want([ref], time(100));
    expect(await claim(store, 11)).toHaveLength(1);
  });

  it('are not written by who lost them', async () => {
    await store.want([ref], time(0));
    const [lost] = await claim(store, 1);
    const [taken] = await claim(store, 100, 'two');
    const memory = newMemory();
    await expect(store.keep(lost, memory)).rejects.toThrow(LostLookError);
    await expect(
      store.release(lost, { memory, dueAt: time(200), tries: 0 }),
    ).rejects.toThrow(LostLookError);
    await store.keep(taken, { ...memory, status: 'mine' });
    expect(await store.find(ref)).toMatchObject({ memory: { status: 'mine' } });
  });

  it('are forgotten when they are done with, unless something came meanwhile', async () => {
    await store.want([ref], time(0));
    const [first] = await claim(store, 1);
    await store.want([ref], time(2));
    await store.forget(first, time(2));
    const [second] = await claim(store, 3);
    await store.forget(second, time(3));
    expect(await store.find(ref)).toBeUndefined();
  });

  it('are known again where what was kept cannot be read', async () => {
    await store.want([ref], time(0));
    await db('pull_requests').update({ memory: '{"applied":1}' });
    expect(await claim(store, 1)).toMatchObject([{ memory: newMemory() }]);
  });
});
