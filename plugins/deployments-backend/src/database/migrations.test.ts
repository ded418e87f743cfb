import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { ANNA, migrate, STAGING, world } from '../__testUtils__/world';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

const directory = resolvePackagePath(
  '@highroad/plugin-deployments-backend',
  'migrations',
);

/** Newest first: those that take columns from what others refer to. */
const columns = ['refusal', 'take_over', 'again'];

it.each(
  databases
    .eachSupportedId()
    .flatMap(([id]) => columns.map(column => [column, id] as const)),
)(
  'goes back to before the column %s and forward again, and keeps what was deployed, on %s',
  async (column, databaseId) => {
    const db = await databases.init(databaseId);
    try {
      await migrate(db);
      const { reader, service } = world(db);
      const { id } = await service.deploy(STAGING, '1.0.0', ANNA, {
        ...{ supersede: false, takeOver: true },
      });
      expect(await reader.get(id)).toMatchObject({ takeOver: true });
      const time = new Date(0).toISOString();
      await db('steps').insert({
        ...{ deployment_id: id, number: 1, name: 'image', state: 'running' },
        ...{ summary: 'Looks for it', started_at: time, evidence: '[]' },
      });
      await db('deliveries').insert({
        ...{ target: 'slack', deployment_id: id, seq: 1, since: time },
      });
      while (await db.schema.hasColumn('deployments', column)) {
        await db.migrate.down({ directory });
      }
      await migrate(db);
      const kept = await reader.get(id);
      expect(kept).toMatchObject({ version: '1.0.0', state: 'queued' });
      expect(kept?.steps).toMatchObject([{ summary: 'Looks for it' }]);
      expect(await db('deliveries').select('deployment_id')).toEqual([
        { deployment_id: id },
      ]);
      // What a column held is not known any more, and nothing is taken that nobody asked for.
      expect(kept?.takeOver).toBe(column === 'refusal' ? true : undefined);
    } finally {
      await db.destroy();
    }
  },
);
