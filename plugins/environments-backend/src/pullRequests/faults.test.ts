import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import fc from 'fast-check';
import {
  commitOf,
  Fault,
} from '../drivers/gitHosts/__testUtils__/GithubServer';
import { MANIFEST, PullRequestWorld } from './__testUtils__/PullRequestWorld';
import { until } from './__testUtils__/until';
import { PullRequestRef } from './PullRequestRef';
import { PullRequestStore } from './PullRequestStore';
import { PullRequestWorker } from './PullRequestWorker';
import { Relisting } from './Relisting';

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const faults: Fault[] = [
  ...[{ status: 500 }, { status: 502 }, { status: 401 }, { status: 404 }],
  { status: 429, headers: { 'retry-after': '0' } },
  ...(['truncated', 'empty', 'empty-list', 'hang-up', 'slow'] as const),
];
/** A sample of what a long run does: `FAULTS_PULL_REQUESTS=200 FAULTS_WRONG=1000`. */
const PULL_REQUESTS = Number(process.env.FAULTS_PULL_REQUESTS ?? 30);
const WRONG = Number(process.env.FAULTS_WRONG ?? 50);

jest.setTimeout(300_000 + PULL_REQUESTS * 10_000);

/**
 * Two workers on one database, as two replicas would be.
 *
 * @param listed - repositories that were listed just now
 */
async function startWorkers(
  world: PullRequestWorld,
  listed: PullRequestRef[] = [],
) {
  const db = await databases.init('SQLITE_3');
  await db.migrate.latest({
    directory: resolvePackagePath(
      '@highroad/plugin-environments-backend',
      'migrations',
    ),
  });
  const store = new PullRequestStore(db);
  const now = () => new Date();
  await store.know(listed, new Date(Date.now() + 3_600_000).toISOString());
  const worker = (holder: string) =>
    new PullRequestWorker({
      ...{ holder, now, store, relistMs: 1_000 },
      logger: mockServices.logger.mock(),
      random: () => 0,
      reconciler: world.reconciler(),
      relisting: new Relisting({
        ...{ now, store, hosts: world.hosts, owners: world.ownersOf },
        environments: world.environments,
      }),
    });
  const workers = [worker('one'), worker('two')];
  for (const one of workers) one.start();
  return {
    store,
    workers,
    async stop() {
      await Promise.all(workers.map(one => one.stop()));
      await db.destroy();
    },
  };
}

describe('environments of pull requests', () => {
  let world: PullRequestWorld;
  let running: Awaited<ReturnType<typeof startWorkers>>;

  beforeEach(async () => {
    world = new PullRequestWorld();
    // Long enough for what a busy machine is slow with, which no test draws.
    await world.start({ timeoutMs: 1_000 });
  });
  afterEach(async () => {
    await running?.stop();
    await world.server.stop();
  });

  it('come and go without any webhook', async () => {
    running = await startWorkers(world);
    world.push(12, MANIFEST);
    await until('it is made', () => world.environments.kept.size === 1);
    world.push(12, MANIFEST, commitOf(99));
    await until(
      'it is brought to the new commit',
      () =>
        world.environments.kept.get(world.name(12))?.spec?.pullRequest
          ?.commit === commitOf(99),
    );
    world.server.set(12, { state: 'closed' });
    await until('it is gone', () => world.environments.kept.size === 0);
    await until(
      'it is forgotten',
      async () => (await running.store.find(world.ref(12))) === undefined,
    );
    expect(world.server.ownComments(12)).toHaveLength(1);
  });

  it('come at once by a webhook, and are told of as the cluster changes', async () => {
    running = await startWorkers(world);
    world.push(12, MANIFEST);
    await running.workers[0].want(world.ref(12));
    await until('it is made', () => world.environments.kept.size === 1);
    expect(world.server.ownComments(12).length).toBeLessThanOrEqual(1);
  });

  it('come as soon when hundreds of repositories are to be listed', async () => {
    running = await startWorkers(world);
    const { host } = world.ref(0);
    const due = new Date(0).toISOString();
    await running.store.want(
      Array.from({ length: 400 }, (_, at) => ({
        ...{ host, owner: 'acme', name: `other-${at}`, number: 0 },
      })),
      due,
    );
    world.push(12, MANIFEST);
    await running.workers[0].want(world.ref(12));
    await until('it is made', () => world.environments.kept.size === 1);
    // Before all of those were listed, however long that takes here.
    const lists = world.server.seen.filter(({ path }) =>
      path.includes('/pulls?'),
    );
    expect(lists.length).toBeLessThan(100);
  });

  it('come without any webhook when more repositories are there than can be listed in a minute', async () => {
    world.server.clock = Date.now();
    const names = Array.from({ length: 2_000 }, (_, at) => `other-${at}`);
    running = await startWorkers(
      world,
      ['cart', ...names].map(name => ({ ...world.ref(0), name })),
    );
    world.push(12, MANIFEST);
    await until('it is made', () => world.environments.kept.size === 1, 60);
    world.server.set(12, { state: 'closed' });
    await until('it is gone', () => world.environments.kept.size === 0, 60);
    const lists = world.server.seen.filter(({ path }) =>
      path.includes('/pulls?'),
    );
    expect(lists).toEqual([]);
  });

  it('are found by who lost all that was known, and taken down if they were closed meanwhile', async () => {
    running = await startWorkers(world);
    world.push(12, MANIFEST);
    await until('it is made', () => world.environments.kept.size === 1);
    await running.stop();
    world.server.set(12, { state: 'closed' });
    running = await startWorkers(world);
    await until('it is gone', () => world.environments.kept.size === 0);
    await until(
      'the comment says so',
      () => world.server.ownComments(12)[0]?.body.includes(': gone') ?? false,
    );
    expect(world.server.ownComments(12)).toHaveLength(1);
  });

  it('are never ended by what a Git host fails to say, and always by its saying that one is closed', async () => {
    const seed = Number(process.env.FAULTS_SEED ?? Date.now() % 1e6);
    // eslint-disable-next-line no-console
    console.info(`FAULTS_SEED=${seed}`);
    const [choices] = fc.sample(
      fc.record({
        faults: fc.array(fc.nat(faults.length * 2 - 1), {
          minLength: 1000,
          maxLength: 1000,
        }),
        closed: fc.subarray(
          Array.from({ length: PULL_REQUESTS }, (_, at) => at + 1),
          { minLength: PULL_REQUESTS / 2, maxLength: PULL_REQUESTS / 2 },
        ),
      }),
      { numRuns: 1, seed },
    );
    for (let number = 1; number <= PULL_REQUESTS; number++) {
      world.push(number, MANIFEST);
    }
    running = await startWorkers(world);
    await until(
      'all are made',
      () => world.environments.kept.size === PULL_REQUESTS,
    );
    // From here on, about every second answer is wrong, until as many were as were drawn.
    let wrong = 0;
    let asked = 0;
    world.server.fault = ({ method }) => {
      if (method !== 'GET') return undefined;
      const fault = faults[choices.faults[asked++ % choices.faults.length]];
      if (fault !== undefined) wrong += 1;
      return fault;
    };
    const moreWrong = (by: number) => {
      const enough = wrong + by;
      return until('more goes wrong', () => wrong >= enough, 60);
    };
    for (const number of choices.closed) {
      world.server.set(number, { state: 'closed' });
      await moreWrong(1);
    }
    const closed = choices.closed.map(number => world.name(number));
    const lastClosedAt = Date.now();
    await until(
      'all that were closed are gone',
      () => closed.every(name => !world.environments.kept.has(name)),
      60,
    );
    const seconds = (Date.now() - lastClosedAt) / 1000;
    // eslint-disable-next-line no-console
    console.info(
      `${closed.length} of ${PULL_REQUESTS} were closed, and gone ${seconds} s after the last; ${wrong} answers were wrong`,
    );
    // The control: there was something to be wrong about, also after the last end.
    await moreWrong(20);
    await until('enough was wrong', () => wrong >= WRONG, 120);
    expect(world.environments.kept.size).toBe(PULL_REQUESTS - closed.length);
    expect([...world.environments.deletions].sort()).toEqual(closed.sort());
    world.server.fault = () => undefined;
    const numbers = [...world.server.pullRequests.keys()];
    await until(
      'each has one comment',
      () =>
        numbers.every(number => world.server.ownComments(number).length === 1),
      120,
    );
  });
});
