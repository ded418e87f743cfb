import { Knex } from 'knex';

/** Whether it is PostgreSQL; SQLite otherwise. */
export function isPostgres(db: Knex): boolean {
  return db.client.config.client === 'pg';
}
