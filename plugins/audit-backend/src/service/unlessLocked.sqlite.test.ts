import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import createKnex, { Knex } from 'knex';
import { unlessLocked } from './unlessLocked';

describe('a file of SQLite whose lock another holds', () => {
  let folder: string;
  let ours: Knex;
  let theirs: Knex;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-locked-'));
    const open = () =>
      createKnex({
        client: 'better-sqlite3',
        connection: { filename: join(folder, 'ledger.sqlite') },
        useNullAsDefault: true,
        pool: { min: 1, max: 1 },
      });
    ours = open();
    theirs = open();
    await ours.raw('pragma journal_mode = wal');
    await ours.raw('pragma busy_timeout = 100');
    await ours.schema.createTable('records', table => table.integer('n'));
  });
  afterAll(async () => {
    await ours.destroy();
    await theirs.destroy();
    await rm(folder, { recursive: true, force: true });
  });

  it('is written as soon as it is free, and the process goes on meanwhile', async () => {
    await theirs.raw('begin immediate');
    let longest = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 10);
    const written = unlessLocked(
      () => ours('records').insert({ n: 1 }),
      20_000,
    );
    await sleep(3_000);
    await theirs.raw('rollback');
    await written;
    clearInterval(watch);
    expect(await ours('records')).toEqual([{ n: 1 }]);
    // Without that it would be as long as the lock was held.
    expect(longest).toBeLessThan(2_500);
  });
});
