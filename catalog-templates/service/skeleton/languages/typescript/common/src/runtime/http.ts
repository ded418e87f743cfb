import { randomUUID } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { observeRequests } from './metrics.ts';
import { addProbes } from './probes.ts';
import { answerErrors } from './problem.ts';
import type { Readiness } from './readiness.ts';

export interface HttpParts {
  logger: FastifyBaseLogger;
  registry: Registry;
  readiness: Readiness;
}

/** An HTTP server that is observed, probed and answers errors; it is not yet listening. */
export function createHttpApp({ logger, registry, readiness }: HttpParts): FastifyInstance {
  const app: FastifyInstance = Fastify({
    loggerInstance: logger,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'request_id',
    }),
    bodyLimit: 64 * 1024,
    genReqId: (request) => requestId(request.headers['x-request-id']),
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  // Else a connection that was busy when the process was told to stop is kept alive, and holds it up.
  app.addHook('onSend', async (_request, reply) => {
    if (readiness.isStopping) reply.header('connection', 'close');
  });
  observeRequests(app, registry);
  answerErrors(app);
  addProbes(app, readiness, registry);
  return app;
}

/** The caller's id where it is safe to log and to send on, else a new one. */
function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[A-Za-z0-9._-]{1,128}$/.test(given) ? given : randomUUID();
}

/** All addresses of this machine. `::` takes IPv4 too, but fails where the kernel has no IPv6. */
export function anyAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.some(({ family }) => family === 'IPv6') ? '::' : '0.0.0.0';
}
