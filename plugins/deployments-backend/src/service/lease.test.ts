import { TestDatabases } from '@backstage/backend-test-utils';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ANNA,
  FakeCluster,
  migrate,
  STAGING,
  world,
} from '../__testUtils__/world';
import { until } from '../__testUtils__/until';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

it.each(databases.eachSupportedId())(
  'a worker that cannot renew its lease stops before another may begin, on %s',
  async databaseId => {
    const db = await databases.init(databaseId);
    await migrate(db);
    const cluster = new FakeCluster();
    let aheadMs = 0;
    let stopped: () => void = () => {};
    const hasStopped = new Promise<void>(resolve => {
      stopped = resolve;
    });
    let isUnder = false;
    // It stands still where the test does not put it on, however slow the machine is.
    const began = Date.now();
    const now = () => new Date(began + aheadMs);
    const first = world(db, {
      ...{ cluster, now },
      engine: {
        ...cluster.engine,
        async apply(_destination, _objects, { signal }) {
          isUnder = true;
          await new Promise(resolve => {
            signal.addEventListener('abort', resolve, { once: true });
          });
          stopped();
          throw signal.reason;
        },
      },
    });
    // Everything can be written to the database, but for renewals.
    const work = new Proxy(first.work, {
      get(target, name) {
        if (name === 'renew') {
          return async () => {
            throw new Error('The database does not answer.');
          };
        }
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const worker = first.newWorker('first', work);
    worker.start();
    const { id } = await first.service.deploy(STAGING, '1.0.0', ANNA, {
      supersede: false,
    });
    await until(async () => isUnder);
    // A call of ten seconds that begins now ends before the lease of thirty does.
    aheadMs = 19_000;
    await sleep(2_500);
    const early = Promise.race([hasStopped.then(() => true), sleep(10)]);
    expect(await early).toBeUndefined();
    aheadMs = 21_000;
    await hasStopped;
    await worker.stop();

    aheadMs = 60_000;
    const second = world(db, { cluster, now });
    const next = second.newWorker('next');
    next.start();
    // Nobody has renewed it for a while, whatever the clock says. Who is at it then has as much time as it takes.
    await until(async () => {
      const row = await db('deployments').where({ id }).first();
      if (row.lease_holder !== 'next') aheadMs += 1_000;
      return row.state === 'succeeded';
    });
    expect(cluster.versions).toEqual(['1.0.0']);
    await next.stop();
    await db.destroy();
  },
);
