import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import pg from 'pg';
import { pino } from 'pino';
import { migrate } from '../../src/database/migrate.ts';
import { PostgresQueue } from '../../src/jobs/postgres-queue.ts';
import type { Job } from '../../src/jobs/queue.ts';
import { missing } from './surroundings.ts';
import { createScratchDatabase, type ScratchDatabase } from './scratch-database.ts';

describe('the queue in PostgreSQL', { skip: missing }, () => {
  let database: ScratchDatabase;
  let pool: pg.Pool;
  let queue: PostgresQueue;

  before(async () => {
    database = await createScratchDatabase();
    await migrate(database.url, pino({ level: 'silent' }));
    pool = new pg.Pool({ connectionString: database.url });
    queue = new PostgresQueue(pool, { hiddenFor: 30, maxAttempts: 3 });
  });
  beforeEach(() => pool.query('truncate jobs'));
  after(async () => {
    await pool.end();
    await database.drop();
  });

  it('hands out the job that has been due for longest', async () => {
    await queue.add('later', {});
    await pool.query("update jobs set run_at = now() + interval '1 hour'");
    const id = await queue.add('now', { message: 'hello' });

    assert.deepEqual(await queue.claim(), {
      id,
      kind: 'now',
      payload: { message: 'hello' },
      attempt: 1,
      spent: false,
    });
    assert.equal(await queue.claim(), undefined);
  });

  it('gives no job to two of many workers that ask at once', async () => {
    for (let n = 0; n < 20; n++) await queue.add('example', {});
    const claims = await Promise.all(Array.from({ length: 40 }, () => queue.claim()));
    const ids = claims.flatMap((job) => (job ? [job.id] : []));
    assert.equal(new Set(ids).size, ids.length);

    let next: Job | undefined;
    while ((next = await queue.claim())) ids.push(next.id);
    assert.equal(new Set(ids).size, 20);
    assert.equal(ids.length, 20);
  });

  it('hands a job out again when its worker was not heard of, and does not listen to the first any more', async () => {
    await queue.add('example', {});
    const first = await claimed();
    await makeDue();
    const second = await claimed();
    assert.equal(second.attempt, 2);

    await queue.succeeded(first);
    assert.equal((await only()).finished_at, null);
    await queue.succeeded(second);
    assert.notEqual((await only()).finished_at, null);
  });

  it('does not hand out a finished job', async () => {
    await queue.add('example', {});
    await queue.succeeded(await claimed());
    await makeDue();
    assert.equal(await queue.claim(), undefined);
  });

  it('gives a job up after its last attempt, and keeps why', async () => {
    await queue.add('example', {});
    for (const expected of ['failed', 'failed', 'dead']) {
      assert.equal(await queue.failed(await claimed(), new Error('no luck')), expected);
      assert.equal(await queue.claim(), undefined, 'it waits before the next attempt');
      await makeDue();
    }
    assert.equal(await queue.claim(), undefined);
    const row = await only();
    assert.notEqual(row.failed_at, null);
    assert.equal(row.last_error, 'no luck');
  });

  it('says so when the last attempt was not heard of', async () => {
    await queue.add('example', {});
    for (const spent of [false, false, false, true]) {
      assert.equal((await claimed()).spent, spent);
      await makeDue();
    }
  });

  it('tells how many jobs wait, and for how long', async () => {
    assert.deepEqual(await queue.backlog(), { pending: 0, oldestSeconds: 0 });
    await queue.add('example', {});
    await queue.add('example', {});
    await pool.query("update jobs set run_at = now() - interval '90 seconds'");
    const { pending, oldestSeconds } = await queue.backlog();
    assert.equal(pending, 2);
    assert.ok(oldestSeconds >= 90 && oldestSeconds < 100, String(oldestSeconds));
  });

  async function claimed(): Promise<Job> {
    const job = await queue.claim();
    assert.ok(job, 'a job is due');
    return job;
  }

  const makeDue = () => pool.query("update jobs set run_at = now() - interval '1 second'");

  async function only(): Promise<Record<string, unknown>> {
    const [row] = await database.query('select * from jobs');
    assert.ok(row);
    return row;
  }
});
