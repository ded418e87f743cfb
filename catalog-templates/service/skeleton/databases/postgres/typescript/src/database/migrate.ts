import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Logger } from 'pino';

const MIGRATIONS = fileURLToPath(new URL('migrations', import.meta.url));

/**
 * Applies the migrations that are missing, in one transaction, under an advisory lock of the
 * database: of replicas that start together one migrates, and the others wait for it.
 */
export async function migrate(databaseUrl: string, logger: Logger): Promise<void> {
  // A connection of its own: the pool's limit on a statement's time is too short for a migration.
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5000 });
  client.on('error', (error) => {
    logger.warn({ err: error }, 'the connection of the migration was lost');
  });
  try {
    await client.connect();
    const applied = await runner({
      dbClient: client,
      dir: MIGRATIONS,
      direction: 'up',
      migrationsTable: 'schema_migrations',
      advisoryLockMode: 'wait',
      logger: {
        debug: (message) => {
          logger.debug(message);
        },
        info: (message) => {
          logger.debug(message);
        },
        warn: (message) => {
          logger.warn(message);
        },
        error: (message) => {
          logger.error(message);
        },
      },
    });
    logger.info({ applied: applied.map(({ name }) => name) }, 'migrations are through');
  } finally {
    await client.end();
  }
}
