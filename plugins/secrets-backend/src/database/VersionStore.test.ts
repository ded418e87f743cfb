import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { VersionStore } from './VersionStore';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const path = { service: 'component:default/cart', environment: 'staging' };

it.each(databases.eachSupportedId())(
  'tells what made versions of a key, but for what another version of the portal wrote in another way, on %s',
  async databaseId => {
    const db = await databases.init(databaseId);
    try {
      await db.migrate.latest({
        directory: resolvePackagePath(
          '@highroad/plugin-secrets-backend',
          'migrations',
        ),
      });
      const store = new VersionStore(db);
      const maker = { generator: 'random', settings: {} };
      for (const version of [1, 2]) {
        await store.add(
          { ...path, key: 'URL' },
          {
            ...{ version, actor: 'user:default/anna', how: 'rotate' },
            ...(version === 2 && { maker }),
          },
          '2027-01-15T08:00:00.000Z',
        );
      }
      await db('versions')
        .where({ version: 1 })
        .update({ generator: JSON.stringify({ generator: 7 }) });
      expect(await store.makers({ ...path, key: 'URL' })).toEqual([maker]);
    } finally {
      await db.destroy();
    }
  },
);
