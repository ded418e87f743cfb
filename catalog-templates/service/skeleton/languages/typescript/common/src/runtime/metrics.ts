import type { FastifyInstance, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** A registry with the metrics of the process itself: memory, CPU, event loop, garbage collection. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Counts, times and logs every request, except on routes that are marked as unobserved. */
export function observeRequests(app: FastifyInstance, registry: Registry): void {
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from receiving a request to having sent its answer.',
    labelNames: ['method', 'route'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });

  app.addHook('onResponse', async (request, reply) => {
    if (request.routeOptions.config.unobserved) return;
    const { method } = request;
    const route = routePattern(request);
    const status = reply.statusCode;
    requests.inc({ method, route, status: String(status) });
    duration.observe({ method, route }, reply.elapsedTime / 1000);
    const duration_ms = Math.round(reply.elapsedTime * 10) / 10;
    request.log.info({ method, route, status, duration_ms }, 'request');
  });
}

/** The pattern and not the path, which holds ids: each new label value costs memory for ever. */
function routePattern(request: FastifyRequest): string {
  return request.routeOptions.url?.replaceAll(/:(\w+)/g, '{$1}') ?? 'unmatched';
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Leaves a route out of the request metrics and the log. */
    unobserved?: boolean;
  }
}
