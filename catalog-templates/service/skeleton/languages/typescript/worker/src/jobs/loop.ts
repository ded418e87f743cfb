import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { backoff } from '../runtime/backoff.ts';
import type { Handler } from './handlers.ts';
import type { JobMetrics, JobResult } from './metrics.ts';
import type { Job, JobQueue } from './queue.ts';

export interface LoopParts {
  queue: JobQueue;
  handlers: ReadonlyMap<string, Handler>;
  metrics: JobMetrics;
  logger: Pick<Logger, 'info' | 'error'>;
  pollMs: number;
  timeoutMs: number;
}

/** Works on one job after the other until it is told to stop; the job under way is finished. */
export async function runJobs(parts: LoopParts, stop: AbortSignal): Promise<void> {
  let failures = 0;
  while (!stop.aborted) {
    try {
      const job = await parts.queue.claim();
      failures = 0;
      if (job) await attempt(parts, job);
      else await wait(parts.pollMs, stop);
    } catch (error) {
      failures += 1;
      const waitMs = backoff(failures, { first: 250, most: 10_000 });
      parts.logger.error({ err: error, wait_ms: waitMs }, 'the queue cannot be worked on');
      await wait(waitMs, stop);
    }
  }
}

/** Tries one job. Throws only where the queue could not be told how it went. */
async function attempt({ queue, handlers, metrics, logger, timeoutMs }: LoopParts, job: Job) {
  const started = performance.now();
  const report = (result: JobResult, error?: unknown) => {
    const milliseconds = performance.now() - started;
    metrics.processed(result, milliseconds / 1000);
    const fields = {
      job_id: job.id,
      kind: job.kind,
      attempt: job.attempt,
      result,
      duration_ms: Math.round(milliseconds * 10) / 10,
    };
    if (result === 'succeeded') logger.info(fields, 'job');
    else logger.error({ ...fields, err: error }, 'job');
  };

  try {
    if (job.spent) throw new Error('its last attempt ended without a result');
    const handler = handlers.get(job.kind);
    if (!handler) throw new Error(`there is no handler for jobs of kind ${job.kind}`);
    await within(timeoutMs, (signal) => handler(job, signal));
  } catch (error) {
    report(await queue.failed(job, error), error);
    return;
  }
  await queue.succeeded(job);
  report('succeeded');
}

/** Does not wait longer than this for work that does not listen to its signal. */
async function within(milliseconds: number, work: (signal: AbortSignal) => Promise<void>) {
  const signal = AbortSignal.timeout(milliseconds);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error(`it took longer than ${String(milliseconds / 1000)} s`));
    });
  });
  await Promise.race([work(signal), late]);
}

async function wait(milliseconds: number, stop: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal: stop });
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}
