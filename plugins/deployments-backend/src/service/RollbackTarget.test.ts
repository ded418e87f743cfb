import { TestDatabases } from '@backstage/backend-test-utils';
import { eachOnItsDatabase } from '../__testUtils__/eachOnItsDatabase';
import {
  ANNA,
  BROKEN,
  CART,
  FakeCluster,
  STAGING,
  WAITING,
  world,
} from '../__testUtils__/world';
import { until } from '../__testUtils__/until';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const once = { supersede: false };
const NONE =
  /^Nothing to roll back to: there is no version of component:default\/cart in staging before/;

describe.each(databases.eachSupportedId())(
  'what a rollback puts back, on %s',
  databaseId => {
    const { db, stops } = eachOnItsDatabase(databases, databaseId);

    const start = () => {
      const cluster = new FakeCluster();
      const made = world(db(), { cluster });
      const worker = made.newWorker();
      worker.start();
      stops.push(() => worker.stop());
      const { service, ended } = made;
      return {
        ...made,
        deploy: async (version: string, options = {}) =>
          ended(
            (
              await service.deploy(STAGING, version, ANNA, {
                ...once,
                ...options,
              })
            ).id,
          ),
        /** What is proposed, what is offered, and why nothing is proposed */
        told: async (to?: string) => {
          const found = await service.rollbackTargets(STAGING, to);
          const { proposed, offered, undone, why } = found;
          return {
            ...{ proposed: proposed?.version, undone: undone?.version, why },
            offered: offered.map(one => one.version),
          };
        },
        rollBack: async (to?: string) =>
          ended((await service.rollback(STAGING, to, ANNA)).id),
      };
    };

    it('is never what was rolled back, however often it is asked for', async () => {
      const { deploy, rollBack, cluster } = start();
      for (const version of ['1', '2', '3']) await deploy(version);
      expect((await rollBack()).version).toBe('2');
      expect((await rollBack()).version).toBe('1');
      await expect(rollBack()).rejects.toThrow(NONE);
      expect(cluster.versions).toEqual(['1', '2', '3', '2', '1']);
    });

    it('is what ran before, also where that was put back itself or is new again', async () => {
      const { deploy, rollBack } = start();
      await deploy('1');
      const second = await deploy('2');
      await rollBack();
      await deploy('3');
      expect((await rollBack()).version).toBe('1');
      await expect(rollBack()).rejects.toThrow(NONE);
      // Somebody wants it back all the same.
      expect((await rollBack(second.id)).version).toBe('2');
      expect((await rollBack()).version).toBe('1');
    });

    it('is something else than what runs', async () => {
      const { deploy, rollBack } = start();
      await deploy('1');
      await deploy('2');
      await deploy('2', { again: true });
      expect((await rollBack()).version).toBe('1');
    });

    it('is not what runs already after the platform has put it back', async () => {
      const { deploy, rollBack, cluster, ended } = start();
      await deploy('1');
      await deploy('2');
      cluster.looks['3'] = BROKEN;
      await ended(String((await deploy('3')).undoneBy));
      expect((await rollBack()).version).toBe('1');
      expect(cluster.versions).toEqual(['1', '2', '3', '2', '1']);
    });

    it('is the last good one where something has failed since that is still there', async () => {
      const { deploy, rollBack, cluster, ended } = start();
      await deploy('1');
      await deploy('2');
      cluster.looks['3'] = BROKEN;
      cluster.looks['2'] = BROKEN;
      await ended(String((await deploy('3')).undoneBy));
      cluster.looks = {};
      expect((await rollBack()).version).toBe('2');
    });

    it('is said to be on its way where it is', async () => {
      const { deploy, rollBack, service, cluster } = start();
      await deploy('1');
      await deploy('2');
      await deploy('3');
      cluster.looks['2'] = WAITING;
      const { id } = await service.rollback(STAGING, undefined, ANNA);
      await expect(service.rollback(STAGING, undefined, ANNA)).rejects.toThrow(
        `2 of ${CART} is being put back in staging already (${id})`,
      );
      const [first] = (await service.list({ limit: 10 })).items.slice(-1);
      expect(await rollBack(first.id)).toMatchObject({
        ...{ version: '1', undoes: id },
      });
      await until(async () => (await service.get(id)).state === 'superseded');
    });

    it('is told beforehand, with all else that can be put back', async () => {
      const { deploy, rollBack, told } = start();
      expect(await told()).toEqual({
        ...{ offered: [], proposed: undefined, undone: undefined },
        why: `Nothing to roll back: ${CART} was never deployed to staging.`,
      });
      const first = await deploy('1');
      await deploy('2');
      await deploy('2', { again: true });
      await deploy('3');
      const proposed = await told();
      expect(proposed).toEqual({
        ...{ undone: '3', proposed: '2', offered: ['2', '1'] },
        why: undefined,
      });
      expect((await rollBack()).version).toBe(proposed.proposed);
      expect(await told()).toMatchObject({
        ...{ undone: '2', proposed: '1', offered: ['3', '1'] },
      });
      await rollBack();
      // Nothing is left to go back to by itself, and both can be chosen.
      expect(await told()).toEqual({
        ...{ undone: '1', proposed: undefined, offered: ['2', '3'] },
        why: expect.stringMatching(NONE),
      });
      expect(await told(first.id)).toMatchObject({ proposed: '1' });
    });

    it('is told while something is under way: the last good one, or that it is on its way', async () => {
      const { deploy, told, service, cluster } = start();
      await deploy('1');
      await deploy('2');
      cluster.looks['3'] = WAITING;
      const { id } = await service.deploy(STAGING, '3', ANNA, once);
      await until(async () => (await service.get(id)).state === 'shifting');
      expect(await told()).toMatchObject({
        ...{ undone: '3', proposed: '2', offered: ['2', '1'] },
      });
      cluster.looks['2'] = WAITING;
      await service.rollback(STAGING, undefined, ANNA);
      expect(await told()).toMatchObject({
        ...{ undone: '2', proposed: undefined, offered: ['2', '1'] },
        why: expect.stringContaining('is being put back in staging already'),
      });
      await expect(told(id)).rejects.toThrow('so it is not put back');
    });
  },
);
