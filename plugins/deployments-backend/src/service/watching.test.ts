import { TestDatabases } from '@backstage/backend-test-utils';
import { Observation } from '@highroad/plugin-deployments-node';
import { Knex } from 'knex';
import {
  ANNA,
  BROKEN,
  FakeCluster,
  goodChecks,
  migrate,
  READY,
  STAGING,
  WAITING,
  world,
} from '../__testUtils__/world';
import { until } from '../__testUtils__/until';
import { Answer } from '../drivers/prometheus/Prometheus';
import { Checks } from './Checks';
import { Condition } from './conditions/Condition';

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const once = { supersede: false };
const errorRate: Condition = {
  name: 'error-rate',
  query: 'errors{pod=~"{service}-{podHash}-.*"}[{window}]',
  bound: 'max',
  threshold: 0.05,
  window: 60,
  fewSamples: 'fail',
};
const judged: Checks = {
  run: async (deployment, ...rest) => {
    const found = await goodChecks.run(deployment, ...rest);
    return found.ok ? { ...found, conditions: [errorRate] } : found;
  },
};
const value = (number: number): Answer => ({ known: true, value: number });
const nothing: Answer = { known: false, why: 'Prometheus does not answer' };

describe('watching a version that has all the traffic', () => {
  let db: Knex;
  const stops: Array<() => Promise<void>> = [];
  /** Asked for each second in turn; the last stays */
  let answers: Answer[];
  let asked: string[];
  let cluster: FakeCluster;

  beforeEach(async () => {
    db = await databases.init('SQLITE_3');
    await migrate(db);
    answers = [value(0.01)];
    asked = [];
    cluster = new FakeCluster();
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    await db.destroy();
  });

  const start = (
    watchSeconds = 60,
    checks = judged,
    { staging = {}, speed = 100, jumped = (): number => 0 } = {},
  ) => {
    const began = Date.now();
    const made = world(db, {
      ...{ checks, cluster },
      // A minute goes by in little more than half a second.
      now: () => new Date(began + (Date.now() - began) * speed + jumped()),
      staging: { watchSeconds, ...staging },
      numbers: {
        ask: async query => {
          asked.push(query);
          return (
            (answers.length > 1 ? answers.shift() : undefined) ?? answers[0]
          );
        },
      },
    });
    const worker = made.newWorker();
    worker.start();
    stops.push(() => worker.stop());
    return made;
  };
  const deploy = async (made: ReturnType<typeof start>, version: string) =>
    made.ended((await made.service.deploy(STAGING, version, ANNA, once)).id);

  it('succeeds when the conditions held until the end, having asked about the new pods alone', async () => {
    const made = start();
    const { id, requestedAt } = await made.service.deploy(
      STAGING,
      '1.0.0',
      ...([ANNA, once] as const),
    );
    const summaries = new Set<string>();
    let done = await made.service.get(id);
    while (done.state !== 'succeeded' && done.state !== 'failed') {
      done = await made.service.get(id, { after: done.revision });
      summaries.add(`${done.state}: ${done.summary}`);
    }
    expect([...summaries].join('\n')).toMatch(
      /shifting: Ready; watched until \d\d:\d\d UTC/,
    );
    expect(done).toMatchObject({ state: 'succeeded' });
    expect(done.steps.slice(-2)).toMatchObject([
      { name: 'ready', state: 'succeeded' },
      {
        name: 'watch',
        state: 'succeeded',
        evidence: [
          'error-rate is 0.01, good is at most 0.05',
          'asked: errors{pod=~"cart-abc-.*"}[1m]',
        ],
      },
    ]);
    expect(
      Date.parse(String(done.endedAt)) - Date.parse(requestedAt),
    ).toBeGreaterThanOrEqual(60_000);
    expect(new Set(asked)).toEqual(new Set(['errors{pod=~"cart-abc-.*"}[1m]']));
  });

  it.each([
    ['succeeds', 0.01, 'succeeded'],
    ['is put back', 0.2, 'failed'],
  ] as const)(
    'goes on judging what somebody pauses by hand meanwhile: it %s at %s',
    async (_, rate, state) => {
      const made = start();
      const { service } = made;
      const { id } = await service.deploy(STAGING, '1.0.0', ANNA, once);
      await until(async () =>
        (await service.get(id)).summary.includes('watch'),
      );
      cluster.looks['1.0.0'] = {
        ...READY,
        verdict: 'paused',
        summary: 'Paused: 1 of 1 pods are ready',
        progress: { ...READY.progress, paused: true },
      };
      await until(async () =>
        (await service.get(id)).summary.startsWith('Ready; watched'),
      );
      answers = [value(rate)];
      expect(await made.ended(id)).toMatchObject({ state });
    },
  );

  it('puts back what ran before when a condition is violated, with query, value and threshold', async () => {
    const made = start();
    await deploy(made, '1.0.0');
    answers = [value(0.01), value(0.2)];
    const failed = await deploy(made, '2.0.0');
    expect(failed).toMatchObject({
      state: 'failed',
      summary:
        'error-rate is 0.2, but has to be at most 0.05. 1.0.0 is put back.',
    });
    expect(failed.steps.at(-1)).toMatchObject({
      name: 'watch',
      state: 'failed',
      evidence: [
        'error-rate is 0.2, but has to be at most 0.05',
        'asked: errors{pod=~"cart-abc-.*"}[1m]',
      ],
    });
    // What is put back is not judged by what it undoes.
    expect(await made.ended(String(failed.undoneBy))).toMatchObject({
      state: 'succeeded',
    });
    expect(cluster.versions).toEqual(['1.0.0', '2.0.0', '1.0.0']);
  });

  it('takes what cannot be evaluated until the end for a failure, and says so', async () => {
    answers = [nothing];
    const made = start();
    const failed = await deploy(made, '1.0.0');
    expect(failed).toMatchObject({
      state: 'failed',
      summary: expect.stringMatching(
        /^error-rate could not be evaluated: Prometheus does not answer\. Nothing to roll back to/,
      ),
    });
    expect(asked.length).toBeGreaterThan(2);
  });

  it('gets over a Prometheus that is away for a moment', async () => {
    answers = [nothing, nothing, value(0.01)];
    // Long enough to be asked a few times on a machine that is busy.
    const made = start(600);
    expect(await deploy(made, '1.0.0')).toMatchObject({ state: 'succeeded' });
  });

  it('fails when containers are started again while it is watched, not for what was before', async () => {
    cluster.looks['1.0.0'] = { ...READY, pods: { hashes: [], restarts: 1 } };
    const made = start(60, goodChecks);
    const { id } = await made.service.deploy(STAGING, '1.0.0', ANNA, once);
    let seen = await made.service.get(id);
    while (!seen.summary.includes('watched until'))
      seen = await made.service.get(id, { after: seen.revision });
    cluster.looks['1.0.0'] = { ...READY, pods: { hashes: [], restarts: 3 } };
    expect((await made.ended(id)).summary).toMatch(
      /^Containers were started again 2 times while it was watched\./,
    );
  });

  /** A version that is watched, and what its pods do each second. */
  const watched = async (options: {
    watchSeconds: number;
    looks: Array<Partial<Observation>>;
    notReadySeconds?: number;
    /** Milliseconds that go by with each look */
    step?: number;
  }) => {
    const { watchSeconds, notReadySeconds = 30, step = 0 } = options;
    let at = 0;
    const made = start(watchSeconds, goodChecks, {
      staging: { notReadySeconds },
      ...(step > 0 && { speed: 10, jumped: () => at * step }),
    });
    cluster.lastWords = async () => ['cart-1, container cart: not ready'];
    const { id } = await made.service.deploy(STAGING, '1.0.0', ANNA, once);
    let seen = await made.service.get(id);
    while (!seen.summary.includes('watched until'))
      seen = await made.service.get(id, { after: seen.revision });
    Object.defineProperty(cluster.looks, '1.0.0', {
      get() {
        const { looks } = options;
        const look = looks[Math.min(at, looks.length - 1)];
        at += 1;
        return { ...READY, ...look };
      },
    });
    return { ...made, id };
  };
  const lost = (...names: string[]): Partial<Observation> => ({
    ...WAITING,
    pods: { hashes: ['abc'], restarts: 0, lost: names },
  });

  it('fails early when a pod that was ready is not for too long, with what it says', async () => {
    const { id, ended } = await watched({
      watchSeconds: 6_000,
      looks: [lost('cart-1')],
    });
    const failed = await ended(id);
    expect(failed.summary).toMatch(
      /^Not ready any more for 30 seconds: 0 of 1 pods are ready\./,
    );
    expect(failed.steps.at(-1)).toMatchObject({
      ...{ name: 'watch', state: 'failed' },
      evidence: [
        'was ready before: cart-1',
        'cart-1, container cart: not ready',
      ],
    });
    expect(
      Date.parse(String(failed.endedAt)) - Date.parse(failed.requestedAt),
    ).toBeLessThan(3_000_000);
  });

  it('gets over pods that are not ready for a moment, one after another, and over new ones', async () => {
    const { id, ended } = await watched({
      ...{ watchSeconds: 900, notReadySeconds: 350, step: 100_000 },
      looks: [
        lost('cart-1'),
        lost('cart-1', 'cart-2'),
        lost('cart-2'),
        lost('cart-2', 'cart-3'),
        lost('cart-3'),
        lost('cart-1'),
        WAITING,
        READY,
      ],
    });
    expect(await ended(id, 60_000)).toMatchObject({ state: 'succeeded' });
  });

  it('does not blame a version for more pods than the nodes take', async () => {
    const { id, ended } = await watched({
      watchSeconds: 30,
      looks: [
        { ...BROKEN, summary: 'No node takes the pods', lacksNode: true },
        { ...BROKEN, summary: 'No node takes the pods', lacksNode: true },
        READY,
      ],
    });
    expect(await ended(id)).toMatchObject({ state: 'succeeded' });
  });

  it('waits for pods that are not ready any more, beyond the end of the watch', async () => {
    const made = start(30, goodChecks);
    const { id } = await made.service.deploy(STAGING, '1.0.0', ANNA, once);
    let seen = await made.service.get(id);
    while (!seen.summary.includes('watched until'))
      seen = await made.service.get(id, { after: seen.revision });
    await expect(
      made.service.wish(id, 'promote', ANNA.requestedBy),
    ).rejects.toThrow(
      'There is nothing to promote: 1.0.0 has all the traffic already.',
    );
    cluster.looks['1.0.0'] = WAITING;
    while (!seen.summary.startsWith('0 of 1 pods are ready; watched'))
      seen = await made.service.get(id, { after: seen.revision });
    cluster.looks['1.0.0'] = READY;
    expect(await made.ended(id)).toMatchObject({ state: 'succeeded' });
  });
});
