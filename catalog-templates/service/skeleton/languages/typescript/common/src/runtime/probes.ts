import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { Readiness } from './readiness.ts';

/**
 * `/healthz` says that the process runs: failing it gets the process restarted, so it asks nothing else.
 * `/readyz` says that it can do its work: failing it only keeps requests away.
 */
export function addProbes(app: FastifyInstance, readiness: Readiness, registry: Registry): void {
  const route = { config: { unobserved: true } };

  app.get('/healthz', route, () => ({ status: 'ok' }));

  app.get('/readyz', route, async (_request, reply) => {
    const report = await readiness.report();
    return reply.code(report.status === 'ready' ? 200 : 503).send(report);
  });

  app.get('/metrics', route, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
