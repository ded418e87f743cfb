import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import type { Handler } from '../src/jobs/handlers.ts';
import { runJobs } from '../src/jobs/loop.ts';
import type { JobResult } from '../src/jobs/metrics.ts';
import type { Job, JobQueue } from '../src/jobs/queue.ts';

/** Hands out these jobs, keeps what became of them, and stops the loop when none is left. */
class ListQueue implements JobQueue {
  readonly checks = {};
  readonly outcomes: string[] = [];
  readonly stop = new AbortController();
  claimFailures = 0;
  readonly #jobs: Job[];

  constructor(...jobs: Job[]) {
    this.#jobs = jobs;
  }
  async claim() {
    if (this.claimFailures-- > 0) throw new Error('the database is away');
    const job = this.#jobs.shift();
    if (!job) this.stop.abort();
    return job;
  }
  async succeeded({ id }: Job) {
    this.outcomes.push(`${id} succeeded`);
  }
  async failed({ id, attempt }: Job, error: unknown) {
    this.outcomes.push(`${id} failed: ${String(error)}`);
    return attempt > 1 ? 'dead' : 'failed';
  }
  async prepare() {}
  async close() {}
}

const job = (id: string, kind: string, attempt = 1): Job => ({ id, kind, attempt, payload: {} });

async function run(queue: ListQueue, handlers: Record<string, Handler>, timeoutMs = 1000) {
  const results: JobResult[] = [];
  const metrics = { processed: (result: JobResult) => results.push(result) };
  const logger = pino({ level: 'silent' });
  const parts = { queue, metrics, logger, timeoutMs, pollMs: 1 };
  await runJobs({ ...parts, handlers: new Map(Object.entries(handlers)) }, queue.stop.signal);
  return results;
}

describe('the job loop', () => {
  it('gives each job to the handler of its kind', async () => {
    const queue = new ListQueue(job('1', 'a'), job('2', 'b'), job('3', 'a'));
    const seen: string[] = [];
    const results = await run(queue, {
      a: async ({ id }) => void seen.push(`a ${id}`),
      b: async ({ id }) => void seen.push(`b ${id}`),
    });
    assert.deepEqual(seen, ['a 1', 'b 2', 'a 3']);
    assert.deepEqual(results, ['succeeded', 'succeeded', 'succeeded']);
  });

  it('goes on after a job that failed, and counts those that are given up', async () => {
    const queue = new ListQueue(job('1', 'bad'), job('2', 'bad', 2), job('3', 'good'));
    const results = await run(queue, {
      bad: async () => Promise.reject(new Error('no')),
      good: async () => {},
    });
    assert.deepEqual(queue.outcomes, ['1 failed: Error: no', '2 failed: Error: no', '3 succeeded']);
    assert.deepEqual(results, ['failed', 'dead', 'succeeded']);
  });

  it('fails a job that nobody can handle', async () => {
    const queue = new ListQueue(job('1', 'unheard-of'));
    await run(queue, {});
    assert.match(queue.outcomes[0] ?? '', /no handler for jobs of kind unheard-of/);
  });

  it('does not try a job again that has no attempt left', async () => {
    const queue = new ListQueue({ ...job('1', 'a', 4), spent: true });
    let tried = false;
    const results = await run(queue, { a: async () => void (tried = true) });
    assert.deepEqual(results, ['dead']);
    assert.equal(tried, false);
  });

  it('fails a job that takes too long, also where its handler does not listen', async () => {
    const queue = new ListQueue(job('1', 'deaf'));
    let told = false;
    const deaf: Handler = (_job, signal) => {
      signal.addEventListener('abort', () => (told = true));
      return new Promise(() => {});
    };
    await run(queue, { deaf }, 10);
    assert.match(queue.outcomes[0] ?? '', /longer than 0.01 s/);
    assert.equal(told, true);
  });

  it('tries again where no job can be claimed', async () => {
    const queue = new ListQueue(job('1', 'a'));
    queue.claimFailures = 1;
    assert.deepEqual(await run(queue, { a: async () => {} }), ['succeeded']);
  });

  it('finishes the job under way when it is told to stop, and takes no other', async () => {
    const queue = new ListQueue(job('1', 'slow'), job('2', 'slow'));
    const slow: Handler = async () => {
      queue.stop.abort();
      await new Promise((resolve) => setImmediate(resolve));
    };
    await run(queue, { slow });
    assert.deepEqual(queue.outcomes, ['1 succeeded']);
  });
});
