import type { Database } from '../database/database.ts';
import { backoff } from '../runtime/backoff.ts';
import type { Job } from './queue.ts';

/** A database, or the client of a transaction in it. */
export type Queries = Pick<Database, 'query'>;

export interface QueueLimits {
  /** How long a claimed job stays hidden from others, in seconds. */
  hiddenFor: number;
  /** How often a job is tried before it is given up. */
  maxAttempts: number;
}

interface Row {
  id: string;
  kind: string;
  payload: unknown;
  attempts: number;
}

/**
 * The jobs of the table `jobs`. A claim is one short statement: it counts the attempt and hides the
 * job for a while, so that it comes back by itself where a process dies. The number of the attempt
 * is also what tells a worker that took too long that the job has become another's.
 */
export class PostgresQueue {
  readonly #database: Queries;
  readonly #limits: QueueLimits;

  constructor(database: Queries, limits: QueueLimits) {
    this.#database = database;
    this.#limits = limits;
  }

  /** Adds a job, and answers its id. Give the client of a transaction to add it along with other changes. */
  async add(kind: string, payload: object, db: Queries = this.#database): Promise<string> {
    const { rows } = await db.query<{ id: string }>(
      'insert into jobs (kind, payload) values ($1, $2) returning id',
      [kind, payload],
    );
    if (!rows[0]) throw new Error('the database gave the job no id');
    return rows[0].id;
  }

  async claim(): Promise<Job | undefined> {
    const { rows } = await this.#database.query<Row>(
      `update jobs
       set attempts = attempts + 1, run_at = now() + make_interval(secs => $1)
       where id = (
         select id from jobs
         where finished_at is null and failed_at is null and run_at <= now()
         order by run_at, id
         limit 1
         for update skip locked
       )
       returning id, kind, payload, attempts`,
      [this.#limits.hiddenFor],
    );
    if (!rows[0]) return undefined;
    const { id, kind, payload, attempts } = rows[0];
    return { id, kind, payload, attempt: attempts, spent: attempts > this.#limits.maxAttempts };
  }

  async succeeded({ id, attempt }: Job): Promise<void> {
    await this.#database.query(
      `update jobs set finished_at = now(), last_error = null
       where id = $1 and attempts = $2 and finished_at is null`,
      [id, attempt],
    );
  }

  async failed({ id, attempt }: Job, error: unknown): Promise<'failed' | 'dead'> {
    const dead = attempt >= this.#limits.maxAttempts;
    const wait = backoff(attempt, { first: 1000, most: 3_600_000 }) / 1000;
    await this.#database.query(
      `update jobs
       set last_error = $3,
           run_at = now() + make_interval(secs => $4),
           failed_at = case when $5 then now() end
       where id = $1 and attempts = $2 and finished_at is null and failed_at is null`,
      [id, attempt, describe(error), wait, dead],
    );
    return dead ? 'dead' : 'failed';
  }

  /** How many jobs are due, and for how many seconds the oldest of them has been. */
  async backlog(): Promise<{ pending: number; oldestSeconds: number }> {
    const { rows } = await this.#database.query<{ pending: number; oldest: number }>(
      `select count(*)::integer as pending,
              coalesce(extract(epoch from now() - min(run_at)), 0)::float8 as oldest
       from jobs
       where finished_at is null and failed_at is null and run_at <= now()`,
    );
    return { pending: rows[0]?.pending ?? 0, oldestSeconds: rows[0]?.oldest ?? 0 };
  }
}

function describe(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 1000);
}
