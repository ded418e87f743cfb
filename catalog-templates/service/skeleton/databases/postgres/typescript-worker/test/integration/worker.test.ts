import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { missing } from './surroundings.ts';
import { answers, startProcess, type ServiceProcess } from './process.ts';
import { createScratchDatabase, type ScratchDatabase } from './scratch-database.ts';

describe('the worker', { skip: missing }, () => {
  let database: ScratchDatabase;
  let service: ServiceProcess;

  before(async () => {
    database = await createScratchDatabase();
    service = await startProcess({
      DATABASE_URL: database.url,
      POLL_INTERVAL: '0.05',
      JOB_MAX_ATTEMPTS: '1',
    });
    await answers(`${service.url}/readyz`, 200);
  });
  after(async () => {
    service.signal('SIGTERM');
    assert.equal(await service.exited, 0);
    await database.drop();
  });

  it('works on jobs, gives up those that cannot be done, and counts both', async () => {
    await database.query(
      `insert into jobs (kind, payload) values
       ('example', '{"message": "hello"}'), ('example', '{}'), ('unheard-of', '{}')`,
    );
    const left = 'select 1 from jobs where finished_at is null and failed_at is null';
    for (const deadline = Date.now() + 10_000; (await database.query(left)).length > 0;) {
      assert.ok(Date.now() < deadline, 'the jobs are done within 10 s');
      await sleep(50);
    }
    assert.deepEqual(await database.query('select last_error from jobs order by id'), [
      { last_error: null },
      { last_error: 'the payload has no message' },
      { last_error: 'there is no handler for jobs of kind unheard-of' },
    ]);

    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    assert.match(metrics, /^jobs_processed_total{result="succeeded"} 1$/m);
    assert.match(metrics, /^jobs_processed_total{result="dead"} 2$/m);
    assert.match(metrics, /^jobs_processed_total{result="failed"} 0$/m);
    assert.match(metrics, /^jobs_pending 0$/m);
  });
});
