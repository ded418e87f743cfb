import { Database } from '../database/database.ts';
import { observeBacklog } from './backlog-metrics.ts';
import { PostgresQueue } from './postgres-queue.ts';
import type { OpenQueue } from './queue.ts';

/** The jobs of the table `jobs` in PostgreSQL. */
export const openQueue: OpenQueue = (config, logger, registry) => {
  const database = new Database(config, logger, registry);
  const queue = new PostgresQueue(database, {
    hiddenFor: config.JOB_TIMEOUT,
    maxAttempts: config.JOB_MAX_ATTEMPTS,
  });
  observeBacklog(queue, logger, registry);
  return {
    checks: { database: () => database.check() },
    prepare: () => database.prepare(),
    claim: () => queue.claim(),
    succeeded: (job) => queue.succeeded(job),
    failed: (job, error) => queue.failed(job, error),
    close: () => database.close(),
  };
};
