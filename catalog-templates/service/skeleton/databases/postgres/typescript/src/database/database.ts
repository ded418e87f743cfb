import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { backoff } from '../runtime/backoff.ts';
import { Unavailable } from '../runtime/problem.ts';
import { NotReady } from '../runtime/readiness.ts';
import { migrate } from './migrate.ts';
import { observePool } from './pool-metrics.ts';

export interface DatabaseSettings {
  DATABASE_URL: string;
  DATABASE_POOL_MAX: number;
}

/** The connections to PostgreSQL, and whether the schema is the one that this version works with. */
export class Database {
  readonly #pool: pg.Pool;
  readonly #url: string;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  #migrated = false;

  constructor(settings: DatabaseSettings, logger: Logger, registry: Registry) {
    this.#url = settings.DATABASE_URL;
    this.#logger = logger;
    this.#pool = new pg.Pool({
      connectionString: settings.DATABASE_URL,
      max: settings.DATABASE_POOL_MAX,
      connectionTimeoutMillis: 5000,
      statement_timeout: 10_000,
      keepAlive: true,
    });
    // A connection that breaks while nobody uses it would otherwise end the process.
    this.#pool.on('error', (error) => {
      logger.warn({ err: error }, 'an idle database connection was lost');
    });
    observePool(this.#pool, settings.DATABASE_POOL_MAX, registry);
  }

  /** Runs one statement. Throws Unavailable where the database cannot be reached. */
  async query<Row extends pg.QueryResultRow>(
    statement: string,
    values: unknown[] = [],
  ): Promise<pg.QueryResult<Row>> {
    try {
      return await this.#pool.query<Row>(statement, values);
    } catch (error) {
      if (isAnswer(error)) throw error;
      throw new Unavailable('the database cannot be reached', { cause: error });
    }
  }

  /** Throws unless the database answers and its migrations are through. */
  async check(): Promise<void> {
    await this.#pool.query('select 1');
    if (!this.#migrated) throw new NotReady('migrations are not through');
  }

  /** Migrates the schema. Tries again, with backoff, until it worked or the database is closed. */
  async prepare(): Promise<void> {
    for (let attempt = 1; !this.#migrated && !this.#closing.signal.aborted; attempt++) {
      try {
        await migrate(this.#url, this.#logger);
        this.#migrated = true;
      } catch (error) {
        const waitMs = backoff(attempt, { first: 250, most: 10_000 });
        this.#logger.error({ err: error, wait_ms: waitMs }, 'the database could not be migrated');
        await sleep(waitMs, undefined, { signal: this.#closing.signal }).catch(ignoreAbort);
      }
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#pool.end();
  }
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}

/** Whether the server refused the statement, and not only the connection or for now (SQLSTATE 08, 53, 57P). */
function isAnswer(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return !/^(08|53|57P)/.test(error.code ?? '');
  return error instanceof TypeError;
}
