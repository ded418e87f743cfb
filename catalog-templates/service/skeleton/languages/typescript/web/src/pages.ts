import helmet from '@fastify/helmet';
import serveFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { publicConfig, type Config } from './config.ts';
import { sendProblem } from './runtime/problem.ts';

/** Serves the built pages from a folder, and their configuration from the environment. */
export async function addPages(app: FastifyInstance, folder: string, config: Config) {
  const api = config.PUBLIC_API_URL && new URL(config.PUBLIC_API_URL).origin;
  await app.register(helmet, {
    strictTransportSecurity: { includeSubDomains: false },
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        connectSrc: ["'self'", ...(api ? [api] : [])],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
      },
    },
  });

  app.get('/config.json', async (_request, reply) =>
    reply.header('cache-control', 'no-store').send(publicConfig(config)),
  );

  await app.register(serveFiles, {
    root: folder,
    wildcard: false,
    setHeaders(reply, path) {
      // The names of built assets hold a hash of what is in them: they never change.
      const lasts = path.startsWith(`${folder}/assets/`);
      reply.header('cache-control', lasts ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });

  // Paths without a dot belong to the router in the browser; one with a dot is a file that is missing.
  app.get('/*', async (request, reply) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    if (path.includes('.')) return sendProblem(reply, 404, 'There is nothing at this address.');
    return reply.sendFile('index.html');
  });
}
