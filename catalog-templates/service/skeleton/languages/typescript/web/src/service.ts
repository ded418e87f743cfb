import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { addPages } from './pages.ts';
import { anyAddress, createHttpApp } from './runtime/http.ts';
import { createRegistry } from './runtime/metrics.ts';
import { Readiness } from './runtime/readiness.ts';
import type { Service } from './runtime/service.ts';

/** The same folder from src/ and from dist/. */
const BUILT_PAGES = fileURLToPath(new URL('../dist/client', import.meta.url));

export async function createService(config: Config, logger: Logger): Promise<Service> {
  const registry = createRegistry();
  const readiness = new Readiness({ pages: () => access(`${BUILT_PAGES}/index.html`) }, logger);
  const app = createHttpApp({ logger, registry, readiness });
  await addPages(app, BUILT_PAGES, config);

  return {
    async start() {
      await app.listen({ host: anyAddress(), port: config.PORT });
    },
    async stop() {
      readiness.stop();
      await app.close();
    },
  };
}
