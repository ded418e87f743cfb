import { TestDatabaseId, TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { migrate } from './world';

/**
 * Gives each test of a block an empty database. After a test, what it has begun is ended first.
 *
 * @returns `db`: that of the test that runs; `stops`: what ends what a test has begun
 */
export function eachOnItsDatabase(
  databases: TestDatabases,
  id: TestDatabaseId,
) {
  let db: Knex;
  const stops: Array<() => Promise<void>> = [];
  beforeEach(async () => {
    db = await databases.init(id);
    await migrate(db);
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    await db.destroy();
  });
  return { db: () => db, stops };
}
