import { MetricEvent, storedEvent } from '@highroad/plugin-metrics-common';
import { chunksOf } from '@highroad/plugin-platform-common';
import { Knex } from 'knex';
import { aboutOf } from '../facts/about';
import { isOwnSource } from '../facts/ownSource';
import { LedgerEvent } from '../facts/ServiceEvents';
import { column, Columns } from './columns';
import { insertRows, rowsWith } from './manyRows';

/** How many rows are written or looked up at once: databases limit the values in one statement. */
export const CHUNK = 200;
const COMMIT = 'com.myorg.platform.commit.made.1';
export const MOST_SEQS = 5_000;
/** Of the beginning of a time. */
const DAY_LENGTH = 10;
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

interface Inserted {
  seq: string | number;
  service: string;
  source: string;
  event_id: string;
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
    const firsts = new Map<string, MetricEvent>();
    for (const event of events) {
      const key = keyOfEvent(event);
      if (!firsts.has(key)) firsts.set(key, event);
    }
    // Always in the same order, so that two that are told the same at once don't wait for each other.
    const inOrder = [...firsts.keys()]
      .sort()
      .flatMap(key => firsts.get(key) ?? []);
    const rows = await insertRows<Inserted>(transaction, {
      table: 'ledger',
      rows: inOrder.map(event => ({
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
      conflict: { columns: ['service', 'source', 'event_id'] },
      returning: ['seq', 'service', 'source', 'event_id'],
    });
    await insertRows(transaction, {
      table: 'fresh',
      rows: rows.map(({ seq, service }) => ({ seq, service })),
    });
    const added = new Set(
      rows.map(({ service, source, event_id: id }) =>
        keyOf({ service, source, id }),
      ),
    );
    const fresh = [...firsts].filter(([key]) => added.has(key));
    await this.#count(
      transaction,
      fresh.map(([, event]) => event),
      { now, example },
    );
    const conflicts = await this.#conflicts(transaction, events, {
      firsts,
      added,
    });
    return {
      accepted: fresh.length,
      duplicates: events.length - fresh.length - conflicts.length,
      conflicts,
    };
  }

  /** Places of events that say something else than that of their source and id which is in the ledger. */
  async #conflicts(
    transaction: Knex.Transaction,
    events: MetricEvent[],
    now: { firsts: Map<string, MetricEvent>; added: Set<string> },
  ): Promise<number[]> {
    const again = events.flatMap((event, at) => {
      const key = keyOfEvent(event);
      const isAdded = now.added.has(key);
      const first = now.firsts.get(key);
      return isAdded && first === event ? [] : [{ event, at, key, isAdded }];
    });
    if (again.length === 0) return [];
    const known = await this.#known(
      transaction,
      again.filter(one => !one.isAdded).map(one => one.event),
    );
    return again
      .filter(({ event, key }) => {
        const first = now.firsts.get(key);
        const there = known.get(key) ?? (first && contentOf(first));
        return there !== contentOf(event);
      })
      .map(one => one.at);
  }

  /** All that was told about some services, by each; it is not fresh any more. */
  async read(
    services: string[],
    transaction: Knex.Transaction,
  ): Promise<Map<string, LedgerEvent[]>> {
    const rows = await transaction('ledger')
      .whereIn('service', services)
      .select(COLUMNS);
    const told = byService(services, rows);
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

  /** The tickets that were told of some services, by each. */
  async tickets(services: string[]): Promise<Map<string, LedgerEvent[]>> {
    const rows = await this.#db('ledger')
      // What such events are about, by which they are found for each service.
      .where({ about: '', type: 'dev.cdevents.ticket.created.0.1.0' })
      .whereIn('service', services)
      .select(COLUMNS);
    return byService(services, rows);
  }

  /** Whether there are events that facts do not follow yet. */
  async hasFresh(): Promise<boolean> {
    // By the index: what was followed before would be walked through otherwise.
    const row = await this.#db('fresh').orderBy('seq').first('seq');
    return row !== undefined;
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

  /** The same without what they say, which may be what cannot be read. */
  async freshSeqs(
    limit: number,
    transaction: Knex.Transaction,
  ): Promise<Array<{ seq: string | number; service: string }>> {
    return transaction('fresh')
      .orderBy('seq')
      .limit(limit)
      .select('seq', 'service');
  }

  /** Facts follow these now. */
  async followed(
    seqs: Array<string | number>,
    transaction: Knex.Transaction,
  ): Promise<void> {
    for (const part of chunksOf(seqs, MOST_SEQS)) {
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
      await transaction('source_days')
        .whereNotIn('source', transaction('source_kinds').select('source'))
        .delete();
      await markDirty(transaction, services);
      return removed;
    });
  }

  /**
   * Of which services a source has told an event already.
   *
   * @param ids - of the event, by service
   */
  async toldOf(
    source: string,
    ids: ReadonlyMap<string, string>,
  ): Promise<Set<string>> {
    const rows: Columns[] = await rowsWith(
      this.#db,
      'ledger',
      ['service', 'source', 'event_id'],
      [...ids].map(([service, id]) => [service, source, id]),
    ).select('ledger.service');
    return new Set(rows.map(one => column.text(one.service)));
  }

  /** What of some, see `aboutOf`, this platform told of a service itself. */
  async toldItself(service: string, abouts: string[]): Promise<Set<string>> {
    const rows: Columns[] = await rowsWith(
      this.#db,
      'ledger',
      ['service', 'about'],
      abouts.map(about => [service, about]),
    ).select('ledger.about', 'ledger.source');
    return new Set(
      rows.flatMap(({ about, source }) =>
        isOwnSource(column.text(source)) ? [column.text(about)] : [],
      ),
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
      ['service', 'source', 'event_id'],
      events.map(({ source, id, data }) => [data.service, source, id]),
    ).select(
      ...['service', 'source', 'event_id', 'type', 'time', 'data'].map(
        name => `ledger.${name}`,
      ),
    );
    for (const { service, source, event_id: id, type, time, data } of rows) {
      known.set(
        keyOf({ service, source, id }),
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
    const rows = [...sums.keys()].sort().flatMap(key => sums.get(key) ?? []);
    if (rows.length === 0) return;
    await transaction('source_days')
      .insert(
        [...new Set(rows.map(one => one.source))].sort().map(source => ({
          ...{ source, day: now.slice(0, DAY_LENGTH) },
        })),
      )
      .onConflict(['source', 'day'])
      .ignore();
    await transaction('source_kinds')
      .insert(
        rows.map(({ source, type, events: added, last }) => ({
          ...{ source, type, example, events: added },
          ...{ last_event_at: last, last_heard_at: now },
        })),
      )
      .onConflict(['source', 'type'])
      .merge({
        events: transaction.raw('source_kinds.events + excluded.events'),
        last_event_at: transaction.raw(
          'case when source_kinds.last_event_at < excluded.last_event_at then excluded.last_event_at else source_kinds.last_event_at end',
        ),
        last_heard_at: now,
      });
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
  for (const part of chunksOf([...services].sort(), CHUNK)) {
    await transaction('dirty')
      .insert(
        part.map(service => ({ service, generation: 1, recompute, since })),
      )
      .onConflict('service')
      .merge({
        generation: transaction.raw('dirty.generation + 1'),
        ...(recompute && { recompute, again_at: null }),
      });
  }
}

function byService(
  services: string[],
  rows: Columns[],
): Map<string, LedgerEvent[]> {
  const told = new Map<string, LedgerEvent[]>(
    services.map(service => [service, []]),
  );
  for (const row of rows) {
    told.get(column.text(row.service))?.push(eventOf(row));
  }
  return told;
}

function eventOf(row: Columns): LedgerEvent {
  return {
    ...storedEvent({
      id: column.text(row.event_id),
      source: column.text(row.source),
      type: column.text(row.type),
      time: column.text(row.time),
      data: JSON.parse(column.text(row.data)),
    }),
    example: column.flag(row.example),
  };
}

/** Ids hold within a service and a source: whoever tells of one service takes none of another's. */
function keyOf(one: { service: string; source: string; id: string }): string {
  return JSON.stringify([one.service, one.source, one.id]);
}

function keyOfEvent({ source, id, data }: MetricEvent): string {
  return keyOf({ service: data.service, source, id });
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
  // One that is dated in the future is as of when it was taken first; when it says that it was written stands in what it says.
  const at = type === COMMIT ? undefined : time;
  // Fields in one order, whichever they were written in.
  return JSON.stringify([type, at, Object.entries(data).sort()]);
}
