import closeWithGrace from 'close-with-grace';
import { configSchema } from './config.ts';
import { readEnvironment } from './runtime/environment.ts';
import { createLogger } from './runtime/log.ts';
import { createService } from './service.ts';

try {
  const config = readEnvironment(configSchema, process.env);
  const logger = createLogger(config.LOG_LEVEL);
  const service = await createService(config, logger);

  closeWithGrace({ delay: config.SHUTDOWN_TIMEOUT * 1000, logger }, async ({ err, signal }) => {
    if (err) logger.error({ err }, 'stopping after an unexpected error');
    else logger.info({ signal }, 'stopping');
    await service.stop();
    logger.info('stopped');
  });

  logger.info({ version: process.env.VERSION ?? 'dev' }, 'starting');
  await service.start();
} catch (error) {
  createLogger('info').error({ err: error }, error instanceof Error ? error.message : 'failed');
  process.exit(1);
}
