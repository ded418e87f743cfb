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

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())(
  'the traffic of a new version, on %s',
  databaseId => {
    const { db, stops } = eachOnItsDatabase(databases, databaseId);

    const start = async (weight: number | undefined) => {
      const cluster = new FakeCluster();
      const look = (to: typeof weight, from = WAITING) => {
        const progress = { ...from.progress, weight: to };
        cluster.looks['1.0.0'] = { ...from, progress };
      };
      look(weight);
      const made = world(db(), { cluster });
      const worker = made.newWorker();
      worker.start();
      stops.push(() => worker.stop());
      const { id } = await made.service.deploy(STAGING, '1.0.0', ANNA, {
        supersede: false,
      });
      const traffic = async () => (await made.service.get(id)).traffic;
      return { ...made, id, look, traffic };
    };

    it('is kept as it changes, and stays after the end', async () => {
      const { id, look, traffic, ended } = await start(5);
      await until(async () => (await traffic())?.length === 1);
      look(50);
      await until(async () => (await traffic())?.length === 2);
      look(100, READY);
      await ended(id);
      const kept = await traffic();
      expect(kept?.map(({ weight }) => weight)).toEqual([5, 50, 100]);
      const times = kept?.map(({ at }) => at) ?? [];
      expect(times).toEqual([...times].sort());
    });

    it('stays as it was while the cluster does not say', async () => {
      const { id, look, traffic, ended, service } = await start(5);
      await until(async () => (await traffic())?.length === 1);
      look(undefined);
      const { revision } = await service.get(id);
      await until(async () => (await service.get(id)).revision > revision + 2);
      expect((await service.get(id)).progress?.weight).toBe(5);
      look(5);
      const later = (await service.get(id)).revision;
      await until(async () => (await service.get(id)).revision > later + 2);
      look(100, READY);
      await ended(id);
      expect((await traffic())?.map(({ weight }) => weight)).toEqual([5, 100]);
    });

    it('is left out where none is shifted', async () => {
      const { id, look, traffic, ended } = await start(undefined);
      look(undefined, READY);
      await ended(id);
      expect(await traffic()).toBeUndefined();
    });
  },
);
