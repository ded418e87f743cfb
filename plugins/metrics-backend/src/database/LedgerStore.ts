import {
  MetricEvent,
  metricEventSchema,
} from '@highroad/plugin-metrics-common';
import { Knex } from 'knex';
import { aboutOf } from '../facts/about';
import { LedgerEvent } from '../facts/ServiceEvents';
import { insertRows, rowsWith } from './manyRows';

/** How many rows are written or looked up at once: databases limit the values in one statement. */
const CHUNK = 200;
const MOST_SEQS = 5_000;
const COLUMNS = [
  ...['seq', 'service', 'source', 'event_id', 'type', 'time', 'data'],
  'example',
];

export interface Appended {
  accepted: number;
  duplicates: number;
  /** Events whose source and id are known with other content, by their place in the list */
  conflicts: number[];
}

/** An event that facts do not follow yet. */
export interface Fresh {
  seq: string | number;
  receivedAt: string;
  event: LedgerEvent;
}

/**
 * The events, each once. Rows are added and never changed; only the example history can be taken out again.
 */
export class LedgerStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /**
   * Adds what is new, as what facts do not follow yet, in the transaction that is given or in one of its own.
   *
   * @param options.now - ISO 8601
   */
  async append(
    events: MetricEvent[],
    options: { now: string; example?: boolean; transaction?: Knex.Transaction },
  ): Promise<Appended> {
    const { now, example = false, transaction } = options;
    if (!transaction) {
      return this.#db.transaction(own =>
        this.append(events, { ...options, transaction: own }),
      );
    }
    const known = await this.#known(transaction, events);
    const conflicts: number[] = [];
    const fresh: MetricEvent[] = [];
    events.forEach((event, at) => {
      const content = contentOf(event);
      const there = known.get(keyOf(event));
      if (there === undefined) {
        known.set(keyOf(event), content);
        fresh.push(event);
      } else if (there !== content) conflicts.push(at);
    });
    const rows = await insertRows<{ seq: string; service: string }>(
      transaction,
      {
        table: 'ledger',
        rows: fresh.map(event => ({
          source: event.source,
          event_id: event.id,
          type: event.type,
          service: event.data.service,
          about: aboutOf(event),
          time: event.time,
          received_at: now,
          example,
          data: JSON.stringify(event.data),
        })),
        conflict: { columns: ['source', 'event_id'] },
        returning: ['seq', 'service'],
      },
    );
    await insertRows(transaction, {
      table: 'fresh',
      rows: rows.map(({ seq, service }) => ({ seq, service })),
    });
    await this.#count(transaction, fresh, { now, example });
    return {
      accepted: fresh.length,
      duplicates: events.length - fresh.length - conflicts.length,
      conflicts,
    };
  }

  /** All that was told about some services, by each; it is not fresh any more. */
  async read(
    services: string[],
    transaction: Knex.Transaction,
  ): Promise<Map<string, LedgerEvent[]>> {
    const rows = await transaction('ledger')
      .whereIn('service', services)
      .select(COLUMNS);
    const told = new Map<string, LedgerEvent[]>(
      services.map(service => [service, []]),
    );
    for (const row of rows) told.get(row.service)?.push(eventOf(row));
    const read = new Set(rows.map(row => String(row.seq)));
    const fresh: Array<string | number> = await transaction('fresh')
      .whereIn('service', services)
      .pluck('seq');
    // What came after it was read stays.
    await this.followed(
      fresh.filter(seq => read.has(String(seq))),
      transaction,
    );
    return told;
  }

  /** Whether there are events that facts do not follow yet. */
  async hasFresh(): Promise<boolean> {
    return (await this.#db('fresh').first('seq')) !== undefined;
  }

  /** Events that facts do not follow yet, those that came first. */
  async fresh(limit: number, transaction: Knex.Transaction): Promise<Fresh[]> {
    const rows = await transaction('fresh')
      .join('ledger', 'ledger.seq', 'fresh.seq')
      .orderBy('fresh.seq')
      .limit(limit)
      .select(...[...COLUMNS, 'received_at'].map(name => `ledger.${name}`));
    return rows.map(row => ({
      ...{ seq: row.seq, receivedAt: row.received_at, event: eventOf(row) },
    }));
  }

  /** Facts follow these now. */
  async followed(
    seqs: Array<string | number>,
    transaction: Knex.Transaction,
  ): Promise<void> {
    for (const part of chunks(seqs, MOST_SEQS)) {
      await transaction('fresh').whereIn('seq', part).delete();
    }
  }

  /** @returns how many events were taken out */
  async removeExample(): Promise<number> {
    return this.#db.transaction(async transaction => {
      const services = await transaction('ledger')
        .where({ example: true })
        .distinct('service')
        .pluck('service');
      await transaction('fresh')
        .whereIn(
          'seq',
          transaction('ledger').where({ example: true }).select('seq'),
        )
        .delete();
      const removed = await transaction('ledger')
        .where({ example: true })
        .delete();
      await transaction('source_kinds').where({ example: true }).delete();
      await markDirty(transaction, services);
      return removed;
    });
  }

  /** Which ids of a source are known. */
  async knownIds(source: string, ids: string[]): Promise<Set<string>> {
    return new Set<string>(
      await this.#db('ledger')
        .where({ source })
        .whereIn('event_id', ids)
        .pluck('event_id'),
    );
  }

  async #known(
    transaction: Knex.Transaction,
    events: MetricEvent[],
  ): Promise<Map<string, string>> {
    const known = new Map<string, string>();
    const rows = await rowsWith(
      transaction,
      'ledger',
      ['source', 'event_id'],
      events.map(({ source, id }) => [source, id]),
    ).select(
      ...['source', 'event_id', 'type', 'time', 'data'].map(
        name => `ledger.${name}`,
      ),
    );
    for (const { source, event_id: id, type, time, data } of rows) {
      known.set(
        keyOf({ source, id }),
        contentOf({ type, time, data: JSON.parse(data) }),
      );
    }
    return known;
  }

  async #count(
    transaction: Knex.Transaction,
    events: MetricEvent[],
    { now, example }: { now: string; example: boolean },
  ): Promise<void> {
    const sums = new Map<
      string,
      { source: string; type: string; events: number; last: string }
    >();
    for (const { source, type, time } of events) {
      const key = `${source} ${type}`;
      const sum = sums.get(key) ?? { source, type, events: 0, last: time };
      sum.events += 1;
      if (time > sum.last) sum.last = time;
      sums.set(key, sum);
    }
    // Always in the same order, so that two that count at once don't wait for each other.
    for (const key of [...sums.keys()].sort()) {
      const { source, type, events: added, last } = sums.get(key)!;
      await transaction('source_kinds')
        .insert({
          ...{ source, type, example, events: added },
          ...{ last_event_at: last, last_heard_at: now },
        })
        .onConflict(['source', 'type'])
        .merge({
          events: transaction.raw('source_kinds.events + ?', [added]),
          last_event_at: transaction.raw(
            'case when source_kinds.last_event_at < ? then ? else source_kinds.last_event_at end',
            [last, last],
          ),
          last_heard_at: now,
        });
    }
  }
}

/**
 * Something was told about these services, so their facts have to be computed again.
 *
 * @param options.since - ISO 8601
 */
export async function markDirty(
  transaction: Knex.Transaction,
  services: string[],
  options: { recompute?: boolean; since?: string } = {},
): Promise<void> {
  const { recompute = false, since = '' } = options;
  for (const part of chunks([...services].sort())) {
    await transaction('dirty')
      .insert(
        part.map(service => ({ service, generation: 1, recompute, since })),
      )
      .onConflict('service')
      .merge({
        generation: transaction.raw('dirty.generation + 1'),
        ...(recompute && { recompute }),
      });
  }
}

function eventOf(row: {
  event_id: unknown;
  source: unknown;
  type: unknown;
  time: unknown;
  data: string;
  example: unknown;
}): LedgerEvent {
  return {
    ...metricEventSchema.parse({
      specversion: '1.0',
      id: row.event_id,
      source: row.source,
      type: row.type,
      time: row.time,
      data: JSON.parse(row.data),
    }),
    example: Boolean(row.example),
  };
}

function keyOf({ source, id }: { source: string; id: string }): string {
  return JSON.stringify([source, id]);
}

function contentOf({
  type,
  time,
  data,
}: {
  type: string;
  time: string;
  data: object;
}): string {
  // Fields in one order, whichever they were written in.
  return JSON.stringify([type, time, Object.entries(data).sort()]);
}

export function chunks<T>(items: T[], size = CHUNK): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < items.length; from += size) {
    parts.push(items.slice(from, from + size));
  }
  return parts;
}
