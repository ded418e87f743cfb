import { Knex } from 'knex';
import { z } from 'zod';
import { column, Columns } from '../database/columns';
import { joined } from '../database/joined';
import { Dimension } from '../rollups/RollupStore';
import { unpackSamples } from '../rollups/samples';
import { FACTS } from '../service/Computer';
import { Day, Days } from './Day';
import { DEPLOYMENTS, factsWithin } from './factsWithin';
import { KnownDays } from './KnownDays';
import { KnownTimes } from './KnownTimes';
import { Filter } from './Scopes';
import { OpenFailures } from './values';

/** What rows are told apart by. */
export type By = 'owner' | 'system' | 'service';

/** What a day may be left without, since it is much to read. */
export const sampleKinds = ['leads', 'recoveries', 'restores'] as const;
export type SampleKind = (typeof sampleKinds)[number];

const COUNTS = [
  ...['delivered', 'completed', 'failed', 'successful', 'rework'],
  ...['platform', 'excluded', 'open'],
];
/** Neither stands in packed samples, days or numbers. */
const BETWEEN_COLUMNS = '|';
const BETWEEN_DAYS = ',';
const COLUMN_MARK = BETWEEN_COLUMNS.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);

const rowSchema = z.object({
  ref: z
    .string()
    .nullish()
    .transform(text => text ?? ''),
  days: z
    .string()
    .nullable()
    .transform(text => readDays(text ?? '')),
});

/** Reads what numbers are made of. */
export class NumberStore {
  readonly #db: Knex;
  readonly #known: KnownDays;
  readonly times: KnownTimes;

  constructor(db: Knex, known = new KnownDays()) {
    this.#db = db;
    this.#known = known;
    this.times = new KnownTimes(db);
  }

  /**
   * Days with what happened on them, those of each owner, system or service apart if `by` says so. There may be several of one day.
   *
   * @param options.samples - all if left out
   */
  async days(
    filter: Filter,
    days: Days,
    options: { by?: By; samples?: readonly SampleKind[] } = {},
  ): Promise<Map<string, Day[]>> {
    const { environments, owners, system, service } = filter;
    // Those of everything are many, and nearly all are as they were when somebody looked last.
    return owners || system || service
      ? this.#read(filter, days, options)
      : this.#ofAll(environments, days, options.by);
  }

  async #ofAll(
    environments: string[],
    days: Days,
    by?: By,
  ): Promise<Map<string, Day[]>> {
    const found = new Map<string, Day[]>();
    for (const environment of environments) {
      const filter = { environments: [environment] };
      const parts = await this.#known.get(`${environment} ${by ?? ''}`, {
        revisions: () => this.#revisions(environment, days),
        read: missing => this.#read(filter, missing, { by }),
      });
      for (const [ref, list] of parts) {
        const others = found.get(ref);
        found.set(ref, others ? [...others, ...list] : list);
      }
    }
    return found;
  }

  async #revisions(
    environment: string,
    { from, to }: Days,
  ): Promise<Map<string, number>> {
    const rows: Array<{ day: string; revision: string | number }> =
      await this.#db('day_revisions')
        .where({ environment })
        .whereBetween('day', [from, to])
        .orderBy('day')
        .select('day', 'revision');
    return new Map(rows.map(one => [one.day, Number(one.revision)]));
  }

  async #read(
    filter: Filter,
    days: Days | string[],
    options: { by?: By; samples?: readonly SampleKind[] },
  ): Promise<Map<string, Day[]>> {
    const { by, samples = sampleKinds } = options;
    const { query, ref } = this.#of(filter, days, by);
    // As one text for each: a hundred thousand rows would take longer to arrive than all else.
    const line = [
      'day',
      ...COUNTS,
      ...sampleKinds.map(one => (samples.includes(one) ? one : "''")),
    ].join(` || '${BETWEEN_COLUMNS}' || `);
    query.select({ days: this.#db.raw(joined(this.#db, line, BETWEEN_DAYS)) });
    if (by) query.groupBy(ref).select({ ref });
    const rows = z.array(rowSchema).parse(await query);
    return new Map(rows.map(one => [one.ref, one.days]));
  }

  /**
   * Failures up to a day that nothing has repaired yet, those of each owner, system or service apart if `by` says so; else
   * under an empty name.
   */
  async openFailures(
    filter: Filter,
    to: string,
    by?: By,
  ): Promise<Map<string, OpenFailures>> {
    const query = factsWithin(this.#db, DEPLOYMENTS, { filter, range: { to } })
      .whereNotNull('failure')
      .whereNull('recovered_at');
    query.count({ count: '*' }).min({ since: 'finished_at' });
    if (by) query.select({ ref: by }).groupBy(by);
    const rows: Columns[] = await query;
    return new Map(
      rows.map(({ ref, count: number, since }) => [
        by ? column.text(ref) : '',
        { count: column.number(number), since: column.textOrNone(since) },
      ]),
    );
  }

  /** A number that is another one after whatever was computed. */
  async revision(): Promise<number> {
    const row = await this.#db('feeds').where({ name: FACTS }).first('cursor');
    return Number(row?.cursor ?? 0);
  }

  /** Whether any of it is of the example history. */
  async hasExample(filter: Filter, days: Days): Promise<boolean> {
    const row = await this.#of(filter, days)
      .query.where({ example: true })
      .first('day');
    return row !== undefined;
  }

  /** Owners, systems or services of which any of it is of the example history. */
  async examples(filter: Filter, days: Days, by: By): Promise<Set<string>> {
    const { query, ref } = this.#of(filter, days, by);
    const rows: Columns[] = await query
      .where({ example: true })
      .distinct({ ref });
    return new Set(rows.map(one => column.text(one.ref)));
  }

  /** Whether all is being computed anew, and is not yet. */
  async isComputedAnew(): Promise<boolean> {
    for (const table of ['dirty', 'dirty_days']) {
      const row = await this.#db(table).where({ recompute: true }).first();
      if (row) return true;
    }
    return false;
  }

  /** Whether anybody tells of deployments. */
  async knowsDeployments(): Promise<boolean> {
    const feed = await this.#db('feeds').whereNotNull('last_read_at').first();
    const told = await this.#db('source_kinds')
      .where({ type: 'com.myorg.platform.deployment.finished.1' })
      .first();
    return Boolean(feed ?? told);
  }

  /** Whether anything tells of guardrails that are lifted: the platform's own deployments do, once they are read. */
  async knowsDeviations(): Promise<boolean> {
    const feed = await this.#db('feeds').whereNotNull('last_read_at').first();
    const told = await this.#db('source_kinds')
      .where('type', 'like', '%.deviation.%')
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

  /** Where it is rolled up, that is read; else the days of services. */
  #of(
    filter: Filter,
    days: Days | string[],
    by?: By,
  ): { query: Knex.QueryBuilder; ref: string } {
    const { environments, owners, system, service } = filter;
    const place = dimensionOf(filter, by);
    const query = this.#db(place ? 'rollups' : 'daily').whereIn(
      'environment',
      environments,
    );
    if (Array.isArray(days)) query.whereIn('day', days);
    else query.whereBetween('day', [days.from, days.to]);
    if (place) {
      query.where({ dimension: place });
      const refs = owners ?? (system ? [system] : undefined);
      if (refs) query.whereIn('ref', refs);
      // There is one only; said, it is found by the key.
      else if (place === 'all') query.where({ ref: '' });
      return { query, ref: 'ref' };
    }
    if (owners) query.whereIn('owner', owners);
    if (system) query.where({ system });
    if (service) query.where({ service });
    return { query, ref: by ?? 'service' };
  }
}

/** None where what is asked for is not rolled up. */
function dimensionOf(
  { owners, system, service }: Filter,
  by?: By,
): Dimension | undefined {
  if (service || by === 'service') return undefined;
  if (owners) return !by || by === 'owner' ? 'owner' : undefined;
  if (system) return !by || by === 'system' ? 'system' : undefined;
  return by ?? 'all';
}

/**
 * The days of a text, each as `days` writes it: read from its beginning to its end, without a copy of each part, since there may be a
 * hundred thousand.
 */
function readDays(text: string): Day[] {
  const days: Day[] = [];
  let at = 0;
  const field = (mark: string) => {
    const end = text.indexOf(mark, at);
    const value = text.slice(at, end < 0 ? text.length : end);
    at += value.length + 1;
    return value;
  };
  const count = () => {
    let value = 0;
    let code = text.charCodeAt(at);
    for (; code !== COLUMN_MARK; code = text.charCodeAt(at)) {
      if (!(code >= ZERO && code < ZERO + 10)) {
        throw new RangeError(
          'A day of metrics has something else for a count.',
        );
      }
      value = value * 10 + code - ZERO;
      at += 1;
    }
    at += 1;
    return value;
  };
  while (at < text.length) {
    // In the order of the columns.
    days.push({
      day: field(BETWEEN_COLUMNS),
      delivered: count(),
      completed: count(),
      failed: count(),
      successful: count(),
      rework: count(),
      platform: count(),
      excluded: count(),
      open: count(),
      leads: unpackSamples(field(BETWEEN_COLUMNS)),
      recoveries: unpackSamples(field(BETWEEN_COLUMNS)),
      restores: unpackSamples(field(BETWEEN_DAYS)),
    });
  }
  return days;
}
