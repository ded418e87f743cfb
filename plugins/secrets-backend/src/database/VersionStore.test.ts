import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { VersionStore, Written } from './VersionStore';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const path = {
  ...{ service: 'component:default/cart', environment: 'staging', key: 'URL' },
};
const written = (version: number): Written => ({
  ...{ version, actor: 'user:default/anna', how: 'rotate' },
});

describe.each(databases.eachSupportedId())(
  'what is known of versions, on %s',
  databaseId => {
    let db: Knex;
    let store: VersionStore;

    beforeEach(async () => {
      db = await databases.init(databaseId);
      await db.migrate.latest({
        directory: resolvePackagePath(
          '@highroad/plugin-secrets-backend',
          'migrations',
        ),
      });
      store = new VersionStore(db);
    });
    afterEach(() => db?.destroy());

    it('tells what made those of a key, but for what another version of the portal wrote in another way', async () => {
      const maker = { generator: 'random', settings: {} };
      for (const version of [1, 2]) {
        await store.add(
          path,
          { ...written(version), ...(version === 2 && { maker }) },
          '2027-01-15T08:00:00.000Z',
        );
      }
      await db('versions')
        .where({ version: 1 })
        .update({ generator: JSON.stringify({ generator: 7 }) });
      expect(await store.makers(path)).toEqual([maker]);
    });

    it('is as it was where what came later, and takes its place, cannot be kept', async () => {
      const at = '2027-01-15T08:00:00.000Z';
      for (const version of [1, 2, 3]) {
        await store.add(path, written(version), at);
        await store.addRemoval(path, {
          ...{ version, what: 'deleted', actor: 'user:default/jonas', at },
        });
      }
      const known = async () => [
        await store.of(path),
        await store.removals(path),
      ];
      const before = await known();
      // Its key began again, and older versions are not kept any more.
      const add = () =>
        store.add(path, written(2), '2027-01-16T08:00:00.000Z', 2);
      await db.schema.alterTable('versions', table =>
        table.renameColumn('generator', 'unknown'),
      );
      await expect(add()).rejects.toThrow('generator');
      expect(await known()).toEqual(before);
      await db.schema.alterTable('versions', table =>
        table.renameColumn('unknown', 'generator'),
      );
      await add();
      expect(await known()).toMatchObject([[{ version: 2, anew: 1 }], []]);
    });
  },
);
