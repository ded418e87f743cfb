import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ANNA,
  BROKEN,
  FakeCluster,
  goodChecks,
  migrate,
  STAGING,
  WAITING,
  world,
} from '../__testUtils__/world';
import { until } from '../__testUtils__/until';

jest.setTimeout(120_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const once = { supersede: false };

describe.each(databases.eachSupportedId())(
  'when nobody answers, on %s',
  databaseId => {
    let db: Knex;
    /** Seconds that the clock was put on by */
    let ahead: number;
    const stops: Array<() => Promise<void>> = [];

    beforeEach(async () => {
      ahead = 0;
      db = await databases.init(databaseId);
      await migrate(db);
    });
    afterEach(async () => {
      for (const stop of stops.splice(0)) await stop();
      await db.destroy();
    });

    const start = (options: Parameters<typeof world>[1] = {}) => {
      const cluster = new FakeCluster();
      const made = world(db, {
        ...{ cluster, now: () => new Date(Date.now() + ahead * 1000) },
        ...options,
      });
      const worker = made.newWorker();
      worker.start();
      stops.push(() => worker.stop());
      return { ...made, cluster };
    };
    /** Puts the clock on by a minute again and again, so that nothing has to be waited for. */
    const minutes = async (
      most: number,
      over: () => Promise<boolean>,
      seconds = 60,
    ) => {
      for (let minute = 0; minute < most; minute++) {
        if (await over()) return;
        ahead += seconds;
        await sleep(600);
      }
    };

    it('applying and shifting go on within the deadline, though that is more than six tries', async () => {
      const { service, cluster, ended } = start();
      let tries = 0;
      cluster.before = call => {
        if (call !== 'observe' || tries >= 8) return;
        tries += 1;
        throw new Error('The API server is away.');
      };
      const { id } = await service.deploy(STAGING, '1.0.0', ANNA, once);
      await until(async () => tries > 0);
      const has = async () => (await service.get(id)).state === 'succeeded';
      // Eight tries with the longest pauses, within the ten minutes that it has.
      await minutes(25, has, 20);
      expect(tries).toBe(8);
      expect((await ended(id)).state).toBe('succeeded');
      expect(cluster.versions).toEqual(['1.0.0']);
    });

    it('a deployment fails after its deadline, and its rollback goes on without an end, saying so', async () => {
      const { service, cluster, ended } = start();
      await ended((await service.deploy(STAGING, '1.0.0', ANNA, once)).id);
      cluster.looks['2.0.0'] = WAITING;
      const { id } = await service.deploy(STAGING, '2.0.0', ANNA, once);
      await until(async () => (await service.get(id)).state === 'shifting');
      cluster.before = () => {
        throw new Error('The API server is away.');
      };
      await minutes(20, async () => (await service.get(id)).state === 'failed');
      const failed = await service.get(id);
      expect(failed.summary).toMatch(
        /^Error: The API server is away, also when tried \d+ times\. 1\.0\.0 is put back\.$/,
      );
      const back = String(failed.undoneBy);
      await minutes(25, async () =>
        /\(2\d times/.test((await service.get(back)).summary),
      );
      expect(await service.get(back)).toMatchObject({
        state: 'applying',
        summary: expect.stringMatching(
          /^Goes on trying \(2\d times since \d\d:\d\d UTC\): Error: The API server is away/,
        ),
      });
      cluster.before = () => {};
      ahead += 60;
      expect((await ended(back)).state).toBe('succeeded');
      expect(cluster.versions).toEqual(['1.0.0', '2.0.0', '1.0.0']);
    });

    it('a rollback is stopped by who wants it stopped, also while the cluster does not answer', async () => {
      const { service, cluster, ended } = start();
      await ended((await service.deploy(STAGING, '1.0.0', ANNA, once)).id);
      cluster.looks['2.0.0'] = BROKEN;
      cluster.before = call => {
        if (cluster.versions.includes('2.0.0') && call === 'prepare') {
          throw new Error('The API server is away.');
        }
      };
      const bad = await service.deploy(STAGING, '2.0.0', ANNA, once);
      const { undoneBy } = await ended(bad.id);
      await minutes(9, async () =>
        (await service.get(String(undoneBy))).summary.startsWith('Goes on'),
      );
      await service.wish(String(undoneBy), 'cancel');
      expect((await ended(String(undoneBy))).state).toBe('cancelled');
    });

    it('a registry that asks to be left alone is, for as long as it asks', async () => {
      let calls = 0;
      const { service, ended } = start({
        checks: {
          async run(...args) {
            calls += 1;
            if (calls > 1) return goodChecks.run(...args);
            return {
              ...{ ok: false, passing: true, steps: [] },
              summary: 'Too many requests',
              retryAfterSeconds: 40,
            };
          },
        },
      });
      const { id } = await service.deploy(STAGING, '1.0.0', ANNA, once);
      await until(async () => calls === 1);
      ahead += 30;
      await sleep(1_200);
      expect(calls).toBe(1);
      ahead += 10;
      expect((await ended(id)).state).toBe('succeeded');
      expect(calls).toBe(2);
    });
  },
);
