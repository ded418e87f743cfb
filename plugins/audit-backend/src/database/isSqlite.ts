import { Knex } from 'knex';

/** Whether that is a database in a file, which one process writes to at a time; all others are PostgreSQL. */
export function isSqlite(knex: Knex): boolean {
  return knex.client.config.client.includes('sqlite3');
}
