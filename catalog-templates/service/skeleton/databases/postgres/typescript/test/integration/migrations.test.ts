import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pino } from 'pino';
import { migrate } from '../../src/database/migrate.ts';
import { missing } from './surroundings.ts';
import { createScratchDatabase, type ScratchDatabase } from './scratch-database.ts';

const logger = pino({ level: 'silent' });

describe('migrations', { skip: missing }, () => {
  let database: ScratchDatabase;
  before(async () => {
    database = await createScratchDatabase();
  });
  after(() => database.drop());

  it('are applied once when several replicas start together', async () => {
    await Promise.all([1, 2, 3, 4].map(() => migrate(database.url, logger)));
    const applied = await database.query('select name from schema_migrations order by name');
    const names = applied.map(({ name }) => String(name));
    assert.ok(names.length > 0);
    assert.equal(new Set(names).size, names.length);
  });

  it('have nothing to do the second time', async () => {
    const before = await database.query('select * from schema_migrations order by id');
    await migrate(database.url, logger);
    assert.deepEqual(await database.query('select * from schema_migrations order by id'), before);
  });
});
