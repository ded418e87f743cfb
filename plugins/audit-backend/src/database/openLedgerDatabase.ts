import { DatabaseManager } from '@backstage/backend-defaults/database';
import {
  DatabaseService,
  resolvePackagePath,
  RootConfigService,
  RootLifecycleService,
  RootLoggerService,
} from '@backstage/backend-plugin-api';
import { ConfigReader } from '@backstage/config';
import { Knex } from 'knex';
import { setTimeout as wait } from 'node:timers/promises';

/** Where a plugin's database is, by the configuration of this backend: what the ledger uses is that of `audit`. */
export function ledgerDatabase(deps: {
  config: RootConfigService;
  logger: RootLoggerService;
  lifecycle: RootLifecycleService;
}): DatabaseService {
  const { config, logger, lifecycle } = deps;
  const settings = config.getOptional('backend.database')
    ? config
    : new ConfigReader({
        backend: {
          database: { client: 'better-sqlite3', connection: ':memory:' },
        },
      });
  // It is not told of the end of the process: the ledger closes its database itself, when everything is sealed.
  const open = () =>
    DatabaseManager.fromConfig(settings, { rootLogger: logger }).forPlugin(
      'audit',
      { logger: logger.child({ plugin: 'audit' }), lifecycle },
    );
  return {
    // A manager keeps a failure to connect for ever, so each attempt has its own.
    getClient: async () => open().getClient(),
    migrations: open().migrations,
  };
}

/** Brings the tables up to date, and sets what makes SQLite quick and shared. */
export async function prepareDatabase(
  database: DatabaseService,
): Promise<Knex> {
  const knex = await database.getClient();
  if (knex.client.config.client.includes('sqlite3')) {
    // Readers do not wait for writers; a power cut may lose the last moments, but never breaks the file.
    await knex.raw('pragma journal_mode = wal');
    await knex.raw('pragma synchronous = normal');
    await knex.raw('pragma busy_timeout = 5000');
  }
  if (!database.migrations?.skip) await migrate(knex);
  return knex;
}

const ATTEMPTS = 40;
const PAUSE_MS = 250;

/** Replicas that start at the same moment wait for the one that came first. */
async function migrate(knex: Knex): Promise<void> {
  const directory = resolvePackagePath(
    '@highroad/plugin-audit-backend',
    'migrations',
  );
  for (let attempt = 1; ; attempt++) {
    try {
      await knex.migrate.latest({ directory });
      return;
    } catch (error) {
      if (attempt >= ATTEMPTS || !isTakenByAnother(error)) throw error;
      await wait(PAUSE_MS * (0.5 + Math.random()));
    }
  }
}

/** Either the lock of the migrations is held, or both were about to make the same table. */
function isTakenByAnother(error: unknown): boolean {
  return (
    error instanceof Error &&
    /lock|already exists|duplicate key|unique constraint/i.test(
      `${error.name} ${error.message}`,
    )
  );
}
