import { Knex } from 'knex';
import { z } from 'zod';
import { Filter } from './Scopes';

/** What rows are told apart by. */
export type By = 'owner' | 'system' | 'service';
export interface Days {
  from: string;
  to: string;
}

const ref = z
  .string()
  .nullish()
  .transform(text => text ?? '');
const count = z.coerce.number();
const dailySchema = z.object({
  ref,
  day: z.string(),
  delivered: count,
  completed: count,
  failed: count,
  successful: count,
  rework: count,
  platform: count,
});
export type Daily = z.infer<typeof dailySchema>;

/** Lead times of a day. As one text for each day, a hundred thousand of them are read at once. */
const leadsSchema = z.object({
  ref,
  day: z.string(),
  seconds: z.string().transform(text => text.split(',').map(Number)),
});
export type Leads = z.infer<typeof leadsSchema>;

const failureSchema = z.object({
  ref,
  day: z.string(),
  finished_at: z.string(),
  recovery_seconds: count.nullable(),
});
export type Failure = z.infer<typeof failureSchema>;

const restoreSchema = z.object({
  restore_seconds: count.nullable(),
  detected_at: z.string(),
});
export type Restore = z.infer<typeof restoreSchema>;

/** Reads what numbers are made of. */
export class NumberStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** Counts of each day. */
  async daily(filter: Filter, days: Days, by?: By): Promise<Daily[]> {
    const query = this.#of('daily', filter, days)
      .groupBy('day')
      .orderBy('day')
      .select('day')
      .sum({
        delivered: 'delivered',
        completed: 'completed',
        failed: 'failed',
        successful: 'successful',
        rework: 'rework',
        platform: 'platform',
      });
    if (by) query.groupBy(by).select({ ref: by });
    return z.array(dailySchema).parse(await query);
  }

  /** Lead times that count, of each day. */
  async leads(filter: Filter, days: Days, by?: By): Promise<Leads[]> {
    const joined =
      this.#db.client.config.client === 'pg'
        ? "string_agg(seconds::text, ',')"
        : 'group_concat(seconds)';
    const query = this.#of('change_facts', filter, days)
      .where({ excluded: false })
      .groupBy('day')
      .select('day', { seconds: this.#db.raw(joined) });
    if (by) query.groupBy(by).select({ ref: by });
    return z.array(leadsSchema).parse(await query);
  }

  /** How many lead times are negative, and so do not count. */
  async excluded(filter: Filter, days: Days): Promise<number> {
    const [row] = await this.#of('change_facts', filter, days)
      .where({ excluded: true })
      .count({ n: '*' });
    return Number(row.n);
  }

  async failures(filter: Filter, days: Days, by?: By): Promise<Failure[]> {
    const query = this.#of('deployment_facts', filter, days)
      .whereNotNull('failure')
      .select('day', 'finished_at', 'recovery_seconds');
    if (by) query.select({ ref: by });
    return z.array(failureSchema).parse(await query);
  }

  async incidents(filter: Filter, days: Days): Promise<Restore[]> {
    const rows = await this.#of('incident_facts', filter, days).select(
      'restore_seconds',
      'detected_at',
    );
    return z.array(restoreSchema).parse(rows);
  }

  /** Whether any of it is of the example history. */
  async hasExample(filter: Filter, days: Days): Promise<boolean> {
    const row = await this.#of('daily', filter, days)
      .where({ example: true })
      .first('day');
    return row !== undefined;
  }

  /** Whether anybody tells of deployments. */
  async knowsDeployments(): Promise<boolean> {
    const feed = await this.#db('feeds').whereNotNull('last_read_at').first();
    const told = await this.#db('source_kinds')
      .where({ type: 'com.myorg.platform.deployment.finished.1' })
      .first();
    return Boolean(feed ?? told);
  }

  /** Whether commits are known of any service that is meant. */
  async knowsCommits(filter: Filter): Promise<boolean> {
    const { owners, system, service } = filter;
    const query = this.#db('service_facts').where({ has_commits: true });
    if (owners) query.whereIn('owner', owners);
    if (system) query.where({ system });
    if (service) query.where({ service });
    return (await query.first()) !== undefined;
  }

  #of(table: string, filter: Filter, { from, to }: Days): Knex.QueryBuilder {
    const { environments, owners, system, service } = filter;
    const query = this.#db(table)
      .whereIn('environment', environments)
      .whereBetween('day', [from, to]);
    if (owners) query.whereIn('owner', owners);
    if (system) query.where({ system });
    if (service) query.where({ service });
    return query;
  }
}
