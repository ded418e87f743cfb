import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { createHandlers } from './jobs/handlers.ts';
import { runJobs } from './jobs/loop.ts';
import { createJobMetrics } from './jobs/metrics.ts';
import { openQueue } from './jobs/open-queue.ts';
import { anyAddress, createHttpApp } from './runtime/http.ts';
import { createRegistry } from './runtime/metrics.ts';
import { Readiness } from './runtime/readiness.ts';
import type { Service } from './runtime/service.ts';

/** The job loop, and beside it a small HTTP server for probes and metrics. */
export async function createService(config: Config, logger: Logger): Promise<Service> {
  const registry = createRegistry();
  const queue = openQueue(config, logger, registry);
  const readiness = new Readiness(queue.checks, logger);
  const app = createHttpApp({ logger, registry, readiness });
  const stopping = new AbortController();
  const loop = {
    queue,
    handlers: createHandlers(logger),
    metrics: createJobMetrics(registry),
    logger,
    pollMs: config.POLL_INTERVAL * 1000,
    timeoutMs: config.JOB_TIMEOUT * 1000,
  };
  let running: Promise<void> | undefined;

  return {
    async start() {
      await app.listen({ host: anyAddress(), port: config.PORT });
      await queue.prepare();
      running = runJobs(loop, stopping.signal);
    },
    async stop() {
      readiness.stop();
      stopping.abort();
      await running;
      await app.close();
      await queue.close();
    },
  };
}
