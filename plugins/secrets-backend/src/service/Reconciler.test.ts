import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { setTimeout as sleep } from 'node:timers/promises';
import { SyncItem, SyncStore } from '../database/SyncStore';
import { Reconciler } from './Reconciler';

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

/** Waits until it holds, and fails the test where it does not in time. */
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 400) throw new Error('It did not come to that in time.');
    await sleep(25);
  }
}

describe('looking at what is due', () => {
  let store: SyncStore;
  let reconciler: Reconciler;
  let endHanging: () => void;
  /** Services of clusters that answer, in the order in which they were done */
  let done: string[];
  let hanging: number;
  let most: number;

  const want = (service: string, cluster: string) =>
    store.want(
      {
        ...{ service, cluster, environment: 'staging' },
        ...{ namespace: `${service}-staging`, secret: service },
      },
      new Date().toISOString(),
    );

  const start = (sweeps: Array<() => Promise<void>>) => {
    const hang = new Promise<void>(resolve => {
      endHanging = resolve;
    });
    const sync = async (item: SyncItem) => {
      if (item.place.cluster === 'hangs') {
        hanging += 1;
        most = Math.max(most, hanging);
        await hang;
        hanging -= 1;
      }
      await store.save(item, item.memory, {
        dueAt: new Date(Date.now() + 3_600_000).toISOString(),
        release: true,
      });
      done.push(item.place.service);
    };
    reconciler = new Reconciler({
      ...{ store, sweeps, sweepMs: 20, holder: 'test', leaseMs: 600 },
      logger: mockServices.logger.mock(),
      now: () => new Date(),
      syncer: { sync },
    });
    reconciler.start();
  };

  beforeEach(async () => {
    const db = await databases.init('SQLITE_3');
    await db.migrate.latest({
      directory: resolvePackagePath(
        '@highroad/plugin-secrets-backend',
        'migrations',
      ),
    });
    store = new SyncStore(db);
    done = [];
    hanging = 0;
    most = 0;
  });

  afterEach(async () => {
    endHanging();
    await reconciler.stop();
  });

  it('does not wait for a cluster that hangs, however much is due there, and gets to it all in the end', async () => {
    for (let n = 0; n < 30; n++) await want(`hung-${n}`, 'hangs');
    for (let n = 0; n < 30; n++) await want(`well-${n}`, 'well');
    start([]);
    await until(() => done.length === 30);
    expect(done.every(service => service.startsWith('well-'))).toBe(true);
    // The control: the others were there to be waited for, and not all of them at once.
    expect(hanging).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(10);
    await want('well-later', 'well');
    await until(() => done.includes('well-later'));
    endHanging();
    await until(() => done.length === 61);
    expect(most).toBeLessThanOrEqual(10);
  });

  it('looks at nothing that was left, also where somebody sets a value there', async () => {
    await want('gone', 'well');
    const [{ place }] = await store.list('gone');
    await store.leave(
      place,
      'It is no longer configured.',
      '2027-01-01T00:00:00.000Z',
    );
    start([]);
    await reconciler.look('gone', ['staging']);
    expect(done).toEqual([]);
    await want('gone', 'well');
    await until(() => done.includes('gone'));
  });

  it('is taken from a worker that is gone within its lease, and from none that still looks', async () => {
    await want('well', 'well');
    await want('slow', 'hangs');
    const [gone] = await store.claim({
      ...{ holder: 'gone', limit: 1 },
      now: new Date().toISOString(),
      until: new Date(Date.now() + 600).toISOString(),
      which: { ids: (await store.list('well')).map(({ id }) => id) },
    });
    start([]);
    await until(() => hanging === 1);
    await reconciler.look('slow', ['staging']);
    // It was looked at for five seconds, which is longer than the lease.
    expect({ hanging, most }).toEqual({ hanging: 1, most: 1 });
    expect(done).toEqual(['well']);
    expect(await store.extend(gone, new Date().toISOString())).toBe(false);
    endHanging();
    await until(() => done.includes('slow'));
  });

  it('sweeps while another sweep hangs or fails', async () => {
    let swept = 0;
    let hung = false;
    let end = () => {};
    start([
      () => {
        hung = true;
        return new Promise(resolve => {
          end = resolve;
        });
      },
      async () => {
        throw new Error('It cannot be done now.');
      },
      async () => {
        swept += 1;
      },
    ]);
    await until(() => swept >= 3);
    expect(hung).toBe(true);
    await want('well', 'well');
    await until(() => done.includes('well'));
    end();
  });
});
