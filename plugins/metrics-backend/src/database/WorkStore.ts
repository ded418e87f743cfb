import { Recompute } from '@highroad/plugin-metrics-common';
import { Knex } from 'knex';
import { DirtyDays, Place } from './DirtyDays';
import { markDirty } from './LedgerStore';

const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 6 * 3_600_000;

/** A service whose facts have to be computed again. */
export interface DirtyService {
  service: string;
  generation: number;
}

/** Which services have to be computed again. */
export class WorkStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /**
   * Those that are not waited with.
   *
   * @param now - ISO 8601
   */
  async next(limit: number, now: string): Promise<DirtyService[]> {
    // What was told just now comes before what is only computed anew, and who waits longest before others.
    return this.#db('dirty')
      .where(due => due.whereNull('again_at').orWhere('again_at', '<=', now))
      .orderBy(['recompute', 'since', 'service'])
      .limit(limit)
      .select('service', 'generation');
  }

  /** Those that have been told of more since it was begun stay. */
  async done(
    services: DirtyService[],
    transaction: Knex.Transaction,
  ): Promise<void> {
    await transaction('dirty')
      .whereIn(
        ['service', 'generation'],
        services.map(one => [one.service, one.generation]),
      )
      .delete();
  }

  /**
   * Has one that could not be computed wait, later and later, so that others go on. It is no part of computing everything anew any
   * more, which would not end otherwise.
   */
  async setAside(
    service: string,
    now: Date,
    transaction: Knex.Transaction,
  ): Promise<void> {
    const row = await transaction('dirty').where({ service }).first('tries');
    const tries = Number(row?.tries ?? 0) + 1;
    const pause = Math.min(
      LONGEST_PAUSE_MS,
      FIRST_PAUSE_MS * 2 ** Math.min(tries - 1, 20),
    );
    await transaction('dirty')
      .where({ service })
      .update({
        ...{ tries, recompute: false },
        again_at: new Date(now.getTime() + pause).toISOString(),
      });
  }

  /** Services that could not be computed when they were tried last, by name. */
  async aside(): Promise<string[]> {
    return this.#db('dirty')
      .where('tries', '>', 0)
      .orderBy('service')
      .pluck('service');
  }

  /** How many services and days are left. */
  async pending(): Promise<number> {
    const [{ n }] = await this.#db('fresh').countDistinct({ n: 'service' });
    return (
      Number(n) +
      (await this.#count('dirty')) +
      (await this.#count('dirty_days'))
    );
  }

  /** Has everything computed anew. Numbers stay readable meanwhile. */
  async recompute(now: string): Promise<Recompute> {
    return this.#db.transaction(async transaction => {
      const services = await transaction('ledger')
        .distinct('service')
        .pluck('service');
      const known = await transaction('service_facts').pluck('service');
      const all = [...new Set<string>([...services, ...known])];
      return begin(transaction, all, { now });
    });
  }

  /**
   * Has services computed anew whose facts follow rules of before. Those that are computed anew already are none of them, so that one that
   * cannot be is not begun with again and again.
   */
  async recomputeOlder(
    rules: number,
    now: string,
    transaction: Knex.Transaction,
  ): Promise<void> {
    const older: string[] = await transaction('service_facts')
      .where('rules', '<', rules)
      .whereNotIn('service', transaction('dirty').select('service'))
      .pluck('service');
    if (older.length === 0) return;
    await begin(transaction, older, { now, because: 'rules' });
  }

  /** How the last one is doing; notes its end. */
  async progress(now: string): Promise<Recompute | undefined> {
    const row = await this.#db('recomputes').where({ id: 1 }).first();
    if (!row) return undefined;
    const anew = { recompute: true };
    const left =
      (await this.#count('dirty', anew)) +
      (await this.#count('dirty_days', anew));
    if (left === 0 && !row.ended_at) {
      row.ended_at = now;
      await this.#db('recomputes')
        .where({ id: 1 })
        .whereNull('ended_at')
        .update({ ended_at: now });
    }
    return {
      state: left === 0 ? 'done' : 'running',
      total: row.total,
      done: Math.max(0, row.total - left),
      startedAt: row.started_at,
      ...(row.because === 'rules' && { because: 'rules' }),
      ...(row.ended_at && { endedAt: row.ended_at }),
    };
  }

  /** Writes down that all is computed anew, where it is and nobody has. */
  async noteEnd(now: string): Promise<void> {
    const row = await this.#db('recomputes')
      .where({ id: 1 })
      .whereNull('ended_at')
      .first('id');
    if (row) await this.progress(now);
  }

  async #count(
    table: 'dirty' | 'dirty_days',
    where: { recompute?: boolean } = {},
  ): Promise<number> {
    const [{ n }] = await this.#db(table).where(where).count({ n: '*' });
    return Number(n);
  }
}

/** Has services computed anew, and all days brought together anew. */
async function begin(
  transaction: Knex.Transaction,
  services: string[],
  { now, because }: { now: string; because?: Recompute['because'] },
): Promise<Recompute> {
  await markDirty(transaction, services, { recompute: true, since: now });
  // Those that are brought together, and those that should be.
  const days: Place[] = await transaction('rollups')
    .where({ dimension: 'all' })
    .select('environment', 'day')
    .union(transaction('daily').select('environment', 'day'));
  await new DirtyDays(transaction).mark(days, true);
  const total = services.length + days.length;
  await transaction('recomputes')
    .insert({
      ...{ id: 1, total, started_at: now, ended_at: null },
      because: because ?? null,
    })
    .onConflict('id')
    .merge();
  return {
    ...{ state: 'running', total, done: 0, startedAt: now },
    ...(because && { because }),
  };
}
