import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { ANNA, migrate, STAGING, world } from '../__testUtils__/world';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

it.each(databases.eachSupportedId())(
  'goes back by the newest migration and forward again, and keeps what was deployed, on %s',
  async databaseId => {
    const db = await databases.init(databaseId);
    try {
      await migrate(db);
      const { reader, service } = world(db);
      const { id } = await service.deploy(STAGING, '1.0.0', ANNA, {
        ...{ supersede: false, takeOver: true },
      });
      expect(await reader.get(id)).toMatchObject({ takeOver: true });
      await db.migrate.down({
        directory: resolvePackagePath(
          '@highroad/plugin-deployments-backend',
          'migrations',
        ),
      });
      expect(await db.schema.hasColumn('deployments', 'take_over')).toBe(false);
      await migrate(db);
      const kept = await reader.get(id);
      expect(kept).toMatchObject({ version: '1.0.0', state: 'queued' });
      // What was asked for before is not known any more, and nothing is taken that nobody asked for.
      expect(kept?.takeOver).toBeUndefined();
    } finally {
      await db.destroy();
    }
  },
);
