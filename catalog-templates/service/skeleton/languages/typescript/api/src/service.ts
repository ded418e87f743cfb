import type { Logger } from 'pino';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import { openStorage } from './open-storage.ts';
import { anyAddress } from './runtime/http.ts';
import { createRegistry } from './runtime/metrics.ts';
import { Readiness } from './runtime/readiness.ts';
import type { Service } from './runtime/service.ts';

export async function createService(config: Config, logger: Logger): Promise<Service> {
  const registry = createRegistry();
  const storage = openStorage(config, logger, registry);
  const readiness = new Readiness(storage.checks, logger);
  const app = await createApp({ logger, registry, readiness }, storage.items);

  return {
    // It listens before the storage is prepared: a long migration is then a service that is
    // starting, and not one that hangs and has to be restarted.
    async start() {
      await app.listen({ host: anyAddress(), port: config.PORT });
      await storage.prepare();
    },
    async stop() {
      readiness.stop();
      await app.close();
      await storage.close();
    },
  };
}
