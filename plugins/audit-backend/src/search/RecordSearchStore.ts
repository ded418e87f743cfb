import { RecordFilter } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import {
  readRow,
  RecordRow,
  RECORDS,
  whereKept,
} from '../database/RecordStore';
import { LATE_MS } from '../service/Sealer';
import { RecordQuery, whereRecords } from './RecordQuery';

/** The records, by what people look for. */
export class RecordSearchStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** The newest ones before a place. */
  async newest(
    query: RecordQuery,
    page: { before?: number; limit: number },
  ): Promise<RecordRow[]> {
    const rows = await this.#db<RecordRow>(RECORDS)
      .select('*')
      .where(each => {
        whereRecords(each, query);
        if (page.before !== undefined) each.where('seq', '<', page.before);
      })
      .orderBy('seq', 'desc')
      .limit(page.limit);
    return rows.map(readRow);
  }

  /** The oldest ones after a place. */
  async oldest(
    query: RecordQuery,
    page: { after: number; limit: number },
  ): Promise<RecordRow[]> {
    const rows = await this.#db<RecordRow>(RECORDS)
      .select('*')
      .where(each => whereRecords(each, query))
      .andWhere('seq', '>', page.after)
      .orderBy('seq')
      .limit(page.limit);
    return rows.map(readRow);
  }

  /** Places of those between two places. */
  async placesBetween(
    query: RecordQuery,
    from: number,
    to: number,
  ): Promise<Set<number>> {
    const rows = await this.#db<RecordRow>(RECORDS)
      .select('seq')
      .where(each => whereRecords(each, query))
      .andWhereBetween('seq', [from, to]);
    return new Set(rows.map(({ seq }) => Number(seq)));
  }

  /** Outcomes of these intents that are among those that are asked for. */
  async outcomesOf(
    query: RecordQuery,
    intents: string[],
  ): Promise<RecordRow[]> {
    if (intents.length === 0) return [];
    const rows = await this.#db<RecordRow>(RECORDS)
      .select('*')
      .where(each => whereRecords(each, query))
      .whereIn('intent_id', intents);
    return rows.map(readRow);
  }

  /** First and last place; nothing if there is none. */
  async ends(
    query: RecordQuery,
  ): Promise<{ first: number; last: number } | undefined> {
    const row = await this.#db<RecordRow>(RECORDS)
      .where(each => whereRecords(each, query))
      .min({ first: 'seq' })
      .max({ last: 'seq' })
      .first();
    if (!row || row.first === null || row.first === undefined) return undefined;
    return { first: Number(row.first), last: Number(row.last) };
  }

  /**
   * Places between which everything lies that happened between two times. Places go by the time of sealing, which is
   * shortly after; those that were sealed late are few and are looked for apart.
   */
  async placesByTime(
    filter: RecordFilter,
  ): Promise<NonNullable<RecordQuery['places']>> {
    const { since, until } = filter;
    const [from, to] = await Promise.all([
      since && this.#firstSealedAfter(shifted(since, -LATE_MS)),
      until && this.#lastThatHappenedBefore(until),
    ]);
    return {
      ...(typeof from === 'number' && { from }),
      ...(typeof to === 'number' && { to }),
    };
  }

  async #firstSealedAfter(time: string): Promise<number> {
    const row = await this.#db<RecordRow>(RECORDS)
      .select('seq')
      .where('sealed_at', '>=', time)
      .andWhere(whereKept)
      .orderBy(['sealed_at', 'seq'])
      .first();
    return row ? Number(row.seq) : Number.MAX_SAFE_INTEGER;
  }

  async #lastThatHappenedBefore(time: string): Promise<number> {
    const [inTime, late] = await Promise.all([
      this.#db<RecordRow>(RECORDS)
        .select('seq')
        .where('sealed_at', '<=', shifted(time, LATE_MS))
        .andWhere(whereKept)
        .orderBy([
          { column: 'sealed_at', order: 'desc' },
          { column: 'seq', order: 'desc' },
        ])
        .first(),
      this.#db<RecordRow>(RECORDS)
        .whereRaw('late')
        .andWhere('at', '<=', time)
        .andWhere(whereKept)
        .max({ seq: 'seq' })
        .first(),
    ]);
    return Math.max(Number(inTime?.seq ?? 0), Number(late?.seq ?? 0));
  }
}

function shifted(time: string, milliseconds: number): string {
  return new Date(Date.parse(time) + milliseconds).toISOString();
}
