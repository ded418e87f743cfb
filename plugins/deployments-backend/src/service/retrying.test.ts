import { TestDatabases } from '@backstage/backend-test-utils';
import { setTimeout as sleep } from 'node:timers/promises';
import { eachOnItsDatabase } from '../__testUtils__/eachOnItsDatabase';
import {
  ANNA,
  BROKEN,
  FakeCluster,
  goodChecks,
  STAGING,
  WAITING,
  world,
} from '../__testUtils__/world';
import { memorySchema } from '../database/rows';
import { until } from '../__testUtils__/until';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const once = { supersede: false };

describe.each(databases.eachSupportedId())(
  'when nobody answers, on %s',
  databaseId => {
    /** Seconds that the clock was put on by */
    let ahead: number;
    let wake: () => void;
    const { db, stops } = eachOnItsDatabase(databases, databaseId);

    beforeEach(() => {
      ahead = 0;
    });

    const start = (options: Parameters<typeof world>[1] = {}) => {
      const cluster = new FakeCluster();
      const made = world(db(), {
        ...{ cluster, now: () => new Date(Date.now() + ahead * 1000) },
        ...options,
      });
      const worker = made.newWorker();
      worker.start();
      stops.push(() => worker.stop());
      wake = () => worker.wake();
      return { ...made, cluster };
    };
    const tried = async (id: string, times: number) => {
      const row = await db()('deployments').where({ id }).first();
      return memorySchema.parse(JSON.parse(row.memory)).tries >= times;
    };
    /** When it is tried next, in milliseconds; 0 while somebody is at it. */
    const nextTry = async (id: string) => {
      const row = await db()('deployments').where({ id }).first();
      const due = Date.parse(row.due_at);
      const waits = row.lease_until === null && due > Date.now() + ahead * 1000;
      return waits ? due : 0;
    };
    /** Puts the clock on to when it is tried next, again and again, until something is so. */
    const trying = async (id: string, isSo: () => Promise<boolean>) => {
      for (let tries = 0; tries < 100; tries++) {
        let due = 0;
        let over = false;
        await until(async () => {
          over = await isSo();
          due = over ? 0 : await nextTry(id);
          return over || due > 0;
        });
        if (over) return;
        ahead = Math.max(ahead, (due + 1 - Date.now()) / 1000);
        wake();
      }
      throw new Error(
        'It was tried a hundred times, and did not come to that.',
      );
    };

    it('applying and shifting go on within the deadline, though that is more than six tries', async () => {
      const { service, cluster } = start();
      let tries = 0;
      cluster.before = call => {
        if (call !== 'observe' || tries >= 8) return;
        tries += 1;
        throw new Error('The API server is away.');
      };
      const { id } = await service.deploy(STAGING, '1.0.0', ANNA, once);
      // Within the ten minutes that it has.
      await trying(
        id,
        async () => (await service.get(id)).state === 'succeeded',
      );
      expect(tries).toBe(8);
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
      await trying(id, async () => (await service.get(id)).state === 'failed');
      const failed = await service.get(id);
      expect(failed.summary).toMatch(
        /^Error: The API server is away, also when tried \d+ times\. 1\.0\.0 is put back\.$/,
      );
      const back = String(failed.undoneBy);
      await trying(back, async () =>
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

    it('time in which nobody was there to try it does not count', async () => {
      const { service, cluster, newWorker } = start();
      cluster.before = () => {
        throw new Error('The API server is away.');
      };
      const { id } = await service.deploy(STAGING, '1.0.0', ANNA, once);
      await trying(id, () => tried(id, 7));
      await stops.pop()?.();
      ahead += 3_600;
      const next = newWorker('next');
      next.start();
      stops.push(() => next.stop());
      wake = () => next.wake();
      await trying(id, () => tried(id, 8));
      expect((await service.get(id)).state).toBe('applying');
      await trying(id, async () => (await service.get(id)).state === 'failed');
    });

    it.each([
      [0, 375],
      [0.5, 500],
      [1, 625],
    ])(
      'what failed together is not tried again together: by a chance of %d after %d ms',
      async (chance, afterMs) => {
        const now = new Date('2026-06-01T12:00:00Z');
        const { service, cluster } = start({
          ...{ now: () => now, random: () => chance },
        });
        cluster.before = () => {
          throw new Error('The API server is away.');
        };
        const { id } = await service.deploy(STAGING, '1.0.0', ANNA, once);
        await until(() => tried(id, 1));
        const row = await db()('deployments').where({ id }).first();
        expect(Date.parse(row.due_at) - now.getTime()).toBe(afterMs);
      },
    );

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
      const back = String(undoneBy);
      await trying(back, async () =>
        (await service.get(back)).summary.startsWith('Goes on'),
      );
      await service.wish(back, 'cancel', ANNA.requestedBy);
      expect((await ended(back)).state).toBe('cancelled');
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
