import { TestDatabases } from '@backstage/backend-test-utils';
import { migrate } from '../__testUtils__/world';
import { ManifestStore } from './ManifestStore';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

it.each(databases.eachSupportedId())(
  'gives several manifests with one question, and names one that is not there, on %s',
  async databaseId => {
    const db = await databases.init(databaseId);
    await migrate(db);
    const store = new ManifestStore(db);
    const [one, other] = [await store.keep('one'), await store.keep('other')];
    const asked: string[] = [];
    db.on('query', ({ sql }: { sql: string }) => asked.push(sql));
    expect(await store.texts([one, other])).toEqual(
      new Map([
        [one, 'one'],
        [other, 'other'],
      ]),
    );
    expect(asked).toHaveLength(1);
    expect(await store.texts([])).toEqual(new Map());
    expect(asked).toHaveLength(1);
    await expect(store.texts([one, 'none'])).rejects.toThrow(
      'The manifests none are not kept here.',
    );
    await expect(store.text('none')).rejects.toThrow('are not kept here');
  },
);
