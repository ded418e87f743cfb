import { Database } from './database/database.ts';
import { PostgresItemStore } from './items/postgres-store.ts';
import type { OpenStorage } from './storage.ts';

/** Keeps everything in PostgreSQL. */
export const openStorage: OpenStorage = (config, logger, registry) => {
  const database = new Database(config, logger, registry);
  return {
    items: new PostgresItemStore(database),
    checks: { database: () => database.check() },
    prepare: () => database.prepare(),
    close: () => database.close(),
  };
};
