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
import { isSqlite } from './isSqlite';

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
  if (isSqlite(knex)) {
    // Readers do not wait for writers; a power cut may lose the last moments, but never breaks the file.
    await knex.raw('pragma journal_mode = wal');
    await knex.raw('pragma synchronous = normal');
    // SQLite waits for a lock without letting the process do anything else: what has to wait longer asks again.
    await knex.raw('pragma busy_timeout = 100');
  }
  if (!database.migrations?.skip) await migrate(knex);
  return knex;
}

/** Any number that nothing else in this database locks by. */
const MIGRATION_LOCK = 6_241_873;

/**
 * Replicas may start at the same moment, and knex's own lock does not hold while its table is being made: one of two is
 * left locked out for ever. So they queue in PostgreSQL; a database of SQLite has one process.
 */
async function migrate(knex: Knex): Promise<void> {
  const directory = resolvePackagePath(
    '@highroad/plugin-audit-backend',
    'migrations',
  );
  if (isSqlite(knex)) {
    await knex.migrate.latest({ directory });
    return;
  }
  await knex.transaction(async queue => {
    await queue.raw('select pg_advisory_xact_lock(?)', [MIGRATION_LOCK]);
    await knex.migrate.latest({ directory });
  });
}
