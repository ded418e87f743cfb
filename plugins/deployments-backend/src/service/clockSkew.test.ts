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

jest.setTimeout(120_000);

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
  },
);
