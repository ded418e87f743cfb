import { Counter, Histogram, type Registry } from 'prom-client';

export type JobResult = 'succeeded' | 'failed' | 'dead';

export interface JobMetrics {
  processed(result: JobResult, seconds: number): void;
}

export function createJobMetrics(registry: Registry): JobMetrics {
  const processed = new Counter({
    name: 'jobs_processed_total',
    help: 'Attempts at jobs: succeeded, failed (tried again later) or dead (given up).',
    labelNames: ['result'],
    registers: [registry],
  });
  // From the start, so that the first failure is seen as a rise from 0.
  for (const result of ['succeeded', 'failed', 'dead']) processed.inc({ result }, 0);

  const duration = new Histogram({
    name: 'job_duration_seconds',
    help: 'Time that an attempt at a job took.',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [registry],
  });
  return {
    processed(result, seconds) {
      processed.inc({ result });
      duration.observe(seconds);
    },
  };
}
