import { TestDatabases } from '@backstage/backend-test-utils';
import { Engine, EngineRefusedError } from '@highroad/plugin-deployments-node';
import { eachOnItsDatabase } from '../__testUtils__/eachOnItsDatabase';
import { until } from '../__testUtils__/until';
import { ANNA, FakeCluster, STAGING, world } from '../__testUtils__/world';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const STILL_RUNS = 'The Job migrate of a version before still runs.';

describe.each(databases.eachSupportedId())(
  'what is in the way of applying, on %s',
  databaseId => {
    const { db, stops } = eachOnItsDatabase(databases, databaseId);

    it('refuses a deployment before anything of it is applied, and is waited for by a rollback', async () => {
      const cluster = new FakeCluster();
      let runs = false;
      const engine: Engine = {
        ...cluster.engine,
        conflicts: async (_destination, _objects, { waits }) => {
          if (runs && !waits) throw new EngineRefusedError(STILL_RUNS);
          return [];
        },
        apply: async (...args) => {
          const lines = await cluster.engine.apply(...args);
          if (runs) throw new Error(STILL_RUNS);
          return lines;
        },
      };
      const made = world(db(), { cluster, engine });
      const worker = made.newWorker();
      worker.start();
      stops.push(() => worker.stop());
      const { service, ended } = made;
      const deploy = async (version: string) =>
        ended(
          (await service.deploy(STAGING, version, ANNA, { supersede: false }))
            .id,
        );
      await deploy('1.0.0');
      await deploy('2.0.0');

      runs = true;
      const refused = await deploy('3.0.0');
      expect(refused).toMatchObject({ state: 'failed', summary: STILL_RUNS });
      expect(cluster.versions).toEqual(['1.0.0', '2.0.0']);

      const { id } = await service.rollback(STAGING, undefined, ANNA);
      await until(async () =>
        (await service.get(id)).summary.includes(STILL_RUNS),
      );
      expect(cluster.versions.slice(0, 3)).toEqual(['1.0.0', '2.0.0', '1.0.0']);
      runs = false;
      expect((await ended(id)).state).toBe('succeeded');
    });
  },
);
