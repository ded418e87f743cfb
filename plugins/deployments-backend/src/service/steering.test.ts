import { TestDatabases } from '@backstage/backend-test-utils';
import { eachOnItsDatabase } from '../__testUtils__/eachOnItsDatabase';
import {
  ANNA,
  FakeCluster,
  goodChecks,
  mortal,
  STAGING,
  WAITING,
  world,
} from '../__testUtils__/world';
import { until } from '../__testUtils__/until';
import { Checks } from './Checks';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const once = { supersede: false };

interface Row {
  lease_holder: string | null;
  state: string;
  wish: string | null;
}

/** As if the manifests held a workload of this strategy. */
const checksOf = (strategy: 'rolling' | 'canary' | 'blue-green'): Checks => ({
  async run(...args) {
    const found = await goodChecks.run(...args);
    return found.ok ? { ...found, strategy } : found;
  },
});

describe.each(databases.eachSupportedId())('steering, on %s', databaseId => {
  const { db, stops } = eachOnItsDatabase(databases, databaseId);

  const shifting = async (
    strategy: 'rolling' | 'canary' | 'blue-green',
    options: Parameters<typeof world>[1] = {},
  ) => {
    const cluster = new FakeCluster();
    cluster.looks['1.0.0'] = {
      ...WAITING,
      verdict: 'paused',
      progress: { ...WAITING.progress, paused: true },
    };
    cluster.step = 1;
    const made = world(db(), {
      ...{ cluster, checks: checksOf(strategy) },
      ...options,
    });
    let isDead = false;
    let bury: () => void = () => {};
    const buried = new Promise<never>((_, reject) => {
      bury = () => reject(new Error('It is dead.'));
    });
    buried.catch(() => {});
    const first = made.newWorker(
      'first',
      mortal(made.work, () => isDead, buried),
    );
    first.start();
    stops.push(async () => {
      bury();
      await first.stop();
    });
    const { service } = made;
    const { id } = await service.deploy(STAGING, '1.0.0', ANNA, once);
    await until(async () => (await service.get(id)).state === 'shifting');
    return {
      ...{ ...made, cluster, id },
      /** @returns what its calls wait for from now on */
      kill: () => {
        isDead = true;
        return buried;
      },
    };
  };

  it.each(['skip', 'promote'] as const)(
    'leads one step on when asked to %s, also where the worker dies when it has done so',
    async wish => {
      const began = Date.now();
      let aheadMs = 0;
      const made = await shifting('canary', {
        now: () => new Date(began + aheadMs),
      });
      const { service, cluster, id, kill } = made;
      /** Puts the clock on while the one that lives is not at it, until something is so. */
      const passing = (is: (row: Row) => boolean) =>
        until(async () => {
          const row: Row = await db()('deployments').where({ id }).first();
          if (row.lease_holder !== 'next') aheadMs += 1_000;
          return is(row);
        });
      let died: () => void = () => {};
      const death = new Promise<void>(resolve => {
        died = resolve;
      });
      cluster.before = call => {
        if (call !== 'steered') return undefined;
        died();
        return kill();
      };
      await service.wish(id, wish);
      await death;
      expect(cluster.step).toBe(2);
      cluster.before = () => {};
      const next = made.newWorker('next');
      next.start();
      stops.push(() => next.stop());
      await passing(({ wish: wanted }) => wanted === null);
      expect(cluster.step).toBe(2);
      expect(cluster.steered).toEqual([wish, wish]);
      // Asked for again, it is another step.
      await service.wish(id, wish);
      await passing(({ wish: wanted }) => wanted === null);
      expect(cluster.step).toBe(3);
      cluster.looks = {};
      await passing(({ state }) => state === 'succeeded');
    },
  );

  it('shifts all the traffic at once where that is asked for', async () => {
    const { service, cluster, id, ended } = await shifting('canary');
    await service.wish(id, 'promote-full');
    await until(async () => cluster.steered.includes('promote-full'));
    expect(cluster.step).toBe(1);
    cluster.looks = {};
    expect((await ended(id)).state).toBe('succeeded');
  });

  it.each([
    ['rolling', 'skip', /a rolling update has no steps/],
    ['rolling', 'promote-full', /a rolling update has no steps/],
    ['blue-green', 'skip', /blue-green has no steps; promote leads/],
  ] as const)(
    'refuses for %s to %s, and the deployment goes on',
    async (strategy, wish, why) => {
      const { service, cluster, id, ended } = await shifting(strategy);
      await expect(service.wish(id, wish)).rejects.toThrow(why);
      expect(cluster.steered).toEqual([]);
      cluster.looks = {};
      expect((await ended(id)).state).toBe('succeeded');
    },
  );
});
