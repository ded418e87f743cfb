import { TestDatabases } from '@backstage/backend-test-utils';
import { eachOnItsDatabase } from '../__testUtils__/eachOnItsDatabase';
import { until } from '../__testUtils__/until';
import {
  ANNA,
  FakeCluster,
  READY,
  STAGING,
  WAITING,
  world,
} from '../__testUtils__/world';
import { together } from '../drivers/engine/direct/together';

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const JUDGED = {
  ...WAITING,
  summary: 'Judged before it goes on',
  judged: true,
};

describe('a version that is judged before it gets more traffic', () => {
  const { db, stops } = eachOnItsDatabase(databases, 'SQLITE_3');

  it('is not late meanwhile, however long that takes, and is again after it', async () => {
    const cluster = new FakeCluster();
    const began = Date.now();
    // A minute goes by in little more than half a second.
    const now = () => new Date(began + (Date.now() - began) * 100);
    let lookedAt = began;
    Object.defineProperty(cluster.looks, '1.0.0', {
      ...{ configurable: true, enumerable: true },
      get() {
        lookedAt = now().getTime();
        return JUDGED;
      },
    });
    const made = world(db(), {
      ...{ cluster, now },
      staging: { progressDeadlineSeconds: 60 },
    });
    const worker = made.newWorker();
    worker.start();
    stops.push(() => worker.stop());
    const { service } = made;
    const { id } = await service.deploy(STAGING, '1.0.0', ANNA, {
      supersede: false,
    });
    await until(async () => (await service.get(id)).summary === JUDGED.summary);
    const since = lookedAt;
    await until(async () => lookedAt - since > 250_000);
    expect((await service.get(id)).endedAt).toBeUndefined();
    cluster.looks = { '1.0.0': WAITING };
    expect((await made.ended(id)).summary).toContain(
      `Not ready within 60 seconds: ${WAITING.summary}`,
    );
  });

  it('is so only while all that comes on waits for that', () => {
    expect(together([JUDGED, READY]).judged).toBe(true);
    expect(together([JUDGED, WAITING]).judged).toBe(false);
    expect(together([READY]).judged).toBe(false);
  });
});
