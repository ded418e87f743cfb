import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import {
  ANNA,
  CART,
  FakeCluster,
  migrate,
  READY,
  WAITING,
  world,
} from '../__testUtils__/world';
import { Worker } from './Worker';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const MINUTE_MS = 60_000;

describe.each(databases.eachSupportedId())(
  'replicas whose clocks differ, on %s',
  id => {
    let db: Knex;
    const workers: Worker[] = [];
    beforeEach(async () => {
      db = await databases.init(id);
      await migrate(db);
    });
    afterEach(async () => {
      for (const worker of workers.splice(0)) await worker.stop();
      await db.destroy();
    });

    it.each([0, 2, 90])(
      'deploy each version once and to its end, %s minutes apart',
      async minutes => {
        const cluster = new FakeCluster();
        const looked = new Map<string, number>();
        for (let n = 0; n < 10; n++) {
          const version = `1.${n}.0`;
          Object.defineProperty(cluster.looks, version, {
            // It takes a few looks until it is ready.
            get() {
              looked.set(version, (looked.get(version) ?? 0) + 1);
              return (looked.get(version) ?? 0) > 2 ? READY : WAITING;
            },
          });
        }
        const replicas = [0, minutes * MINUTE_MS].map(ahead =>
          world(db, { cluster, now: () => new Date(Date.now() + ahead) }),
        );
        for (const [at, replica] of replicas.entries()) {
          const worker = replica.newWorker(`replica-${at}`);
          worker.start();
          workers.push(worker);
        }
        const asked: Array<Promise<{ state: string }>> = [];
        for (let n = 0; n < 10; n++) {
          const { service, ended } = replicas[n % 2];
          const { id: deployment } = await service.deploy(
            { service: `${CART}-${n}`, environment: 'staging' },
            `1.${n}.0`,
            ANNA,
            { supersede: false },
          );
          asked.push(ended(deployment, 60_000));
        }
        const all = await Promise.all(asked);
        expect(all.map(one => one.state)).toEqual(all.map(() => 'succeeded'));
        expect([...cluster.versions].sort()).toEqual(
          Array.from({ length: 10 }, (_, n) => `1.${n}.0`),
        );
      },
    );

    it('go on with what one has left behind that was killed, and whose clock was far ahead', async () => {
      const cluster = new FakeCluster();
      const ahead = world(db, {
        now: () => new Date(Date.now() + 90 * MINUTE_MS),
      });
      let elapsed = 0;
      const here = world(db, { cluster, elapsed: () => elapsed });
      const place = (name: string) => ({
        ...{ service: `${CART}-${name}`, environment: 'staging' },
      });
      const ids: string[] = [];
      // One dies while it is at it; of the other it has just said when it is due again.
      for (const name of ['held', 'due']) {
        const asked = await here.service.deploy(place(name), '1.0.0', ANNA, {
          supersede: false,
        });
        ids.push(asked.id);
      }
      const at = new Date(Date.now() + 90 * MINUTE_MS).toISOString();
      const until = new Date(Date.parse(at) + 30_000).toISOString();
      const items = await ahead.work.claim({
        ...{ holder: 'ahead', now: at, until, limit: 5 },
      });
      expect(items).toHaveLength(2);
      const due = items.find(({ deployment }) => deployment.id === ids[1])!;
      await ahead.work.release(
        await ahead.work.advance(due, { dueAt: until }, at),
      );
      const worker = here.newWorker('here');
      worker.start();
      workers.push(worker);
      for (; elapsed < 30_000; elapsed += 6_000) {
        await new Promise(done => setTimeout(done, 600));
        expect(cluster.applied).toEqual([]);
      }
      elapsed = 60_000;
      for (const one of ids) {
        expect((await here.ended(one, 20_000)).state).toBe('succeeded');
      }
      expect(cluster.versions).toEqual(['1.0.0', '1.0.0']);
    });

    it.each([
      ['watched for as long as is asked', READY, 'succeeded'],
      ['given as much time', WAITING, 'failed'],
    ] as const)(
      'see that a version is %s, where one goes on that is five minutes ahead of who began',
      async (_, look, state) => {
        const cluster = new FakeCluster();
        cluster.looks['1.0.0'] = look;
        const staging = { watchSeconds: 6, progressDeadlineSeconds: 6 };
        const [behind, ahead] = [0, 5 * MINUTE_MS].map(ms =>
          world(db, {
            ...{ cluster, staging, elapsed: () => performance.now() },
            now: () => new Date(Date.now() + ms),
          }),
        );
        const first = behind.newWorker('behind');
        first.start();
        const { id: asked } = await behind.service.deploy(
          { service: CART, environment: 'staging' },
          ...(['1.0.0', ANNA, { supersede: false }] as const),
        );
        let seen = await behind.service.get(asked);
        while (!/watched until|^0 of 1/.test(seen.summary)) {
          seen = await behind.service.get(asked, { after: seen.revision });
        }
        const began = Date.now();
        await first.stop();
        const next = ahead.newWorker('ahead');
        next.start();
        workers.push(next);
        expect(await ahead.ended(asked, 30_000)).toMatchObject({ state });
        expect(Date.now() - began).toBeGreaterThan(4_000);
      },
    );

    it('know what runs and what to put back, whichever clock it was asked for by', async () => {
      const cluster = new FakeCluster();
      const place = { service: CART, environment: 'staging' };
      const replicas = [90 * MINUTE_MS, 0].map(ahead =>
        world(db, { cluster, now: () => new Date(Date.now() + ahead) }),
      );
      const [, here] = replicas;
      for (const [at, replica] of replicas.entries()) {
        const worker = replica.newWorker(`replica-${at}`);
        worker.start();
        workers.push(worker);
      }
      const asked: Array<{ id: string; requestedAt: string }> = [];
      for (const [at, { service }] of [...replicas, ...replicas].entries()) {
        const one = await service.deploy(place, `1.${at}.0`, ANNA, {
          supersede: false,
        });
        asked.push(one);
        const { state } = await here.ended(one.id, 20_000);
        expect(state).toBe('succeeded');
        const { reader } = replicas[at % 2];
        expect((await reader.lastGood(place))?.id).toBe(one.id);
        expect(
          (await reader.status({ services: [CART] })).map(found => found.id),
        ).toEqual([one.id]);
      }
      const ids = asked.map(one => one.id).reverse();
      const list = await here.reader.list({ limit: 10 });
      expect(list.map(one => one.id)).toEqual(ids);
      expect(
        (await here.reader.list({ limit: 10, before: ids[1] })).map(
          one => one.id,
        ),
      ).toEqual(ids.slice(2));
      const times = asked.map(one => Date.parse(one.requestedAt));
      expect(times[1]).toBe(times[0] + 1);
      const back = await here.service.rollback(place, undefined, ANNA);
      expect(back).toMatchObject({ kind: 'rollback', version: '1.2.0' });
    });

    it('do not wait for long for one whose place was taken that was far ahead', async () => {
      const { service, requests, work } = world(db);
      const at = new Date(Date.now() + 90 * MINUTE_MS).toISOString();
      const place = { service: CART, environment: 'staging' };
      await service.deploy(place, '1.0.0', ANNA, { supersede: false });
      await work.claim({
        ...{ holder: 'ahead', now: at, limit: 5 },
        until: new Date(Date.parse(at) + 30_000).toISOString(),
      });
      const now = new Date().toISOString();
      await requests.request(
        {
          ...{ ...place, ...ANNA, kind: 'deploy' },
          ...{ version: '2.0.0', image: 'cart' },
        },
        { now, supersede: true },
      );
      const [item] = await work.claim({
        ...{ holder: 'here', now, until: at, limit: 5 },
      });
      expect(item.holds.map(hold => Date.parse(hold.until))).toEqual([
        Date.parse(now) + 30_000,
      ]);
    });
  },
);
