import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import type { PostgresQueue } from './postgres-queue.ts';

/** How much work waits, asked at each scrape. NaN where the database does not answer: unknown is not 0. */
export function observeBacklog(
  queue: Pick<PostgresQueue, 'backlog'>,
  logger: Pick<Logger, 'warn'>,
  registry: Registry,
): void {
  let asked: ReturnType<PostgresQueue['backlog']> | undefined;
  // Both metrics are collected in one scrape, and share one answer.
  const backlog = async () => {
    asked ??= queue.backlog();
    try {
      return await asked;
    } catch (error) {
      logger.warn({ err: error }, 'the backlog of jobs is not known');
      return { pending: NaN, oldestSeconds: NaN };
    } finally {
      asked = undefined;
    }
  };
  new Gauge({
    name: 'jobs_pending',
    help: 'Jobs that are due and neither finished nor given up.',
    registers: [registry],
    async collect() {
      this.set((await backlog()).pending);
    },
  });
  new Gauge({
    name: 'jobs_oldest_seconds',
    help: 'For how long the oldest job that is due has been due.',
    registers: [registry],
    async collect() {
      this.set((await backlog()).oldestSeconds);
    },
  });
}
