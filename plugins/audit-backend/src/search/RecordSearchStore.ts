import { RecordFilter } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import {
  FoundRow,
  RecordEnvironmentStore,
} from '../database/RecordEnvironmentStore';
import {
  readRow,
  RecordRow,
  RECORDS,
  whereKept,
} from '../database/RecordStore';
import { LATE_MS } from '../service/Sealer';
import { questions, RecordQuery, SEQ } from './RecordQuery';
import { placeIn } from '../database/placeIn';

/** PostgreSQL gives large numbers as text. */
type EndsRow = Record<'first' | 'last', number | string | null>;

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
  ): Promise<FoundRow[]> {
    const { before, limit } = page;
    const rows = await this.#rows(query, each => {
      if (before !== undefined) each.andWhere(SEQ, '<', before);
      each.orderBy(SEQ, 'desc').limit(limit);
    });
    return rows.sort((a, b) => b.seq - a.seq).slice(0, limit);
  }

  /** The oldest ones after a place. */
  async oldest(
    query: RecordQuery,
    page: { after: number; limit: number },
  ): Promise<FoundRow[]> {
    const { after, limit } = page;
    const rows = await this.#rows(query, each => {
      each.andWhere(SEQ, '>', after).orderBy(SEQ).limit(limit);
    });
    return rows.sort((a, b) => a.seq - b.seq).slice(0, limit);
  }

  /** Places of those between two places. */
  async placesBetween(
    query: RecordQuery,
    from: number,
    to: number,
  ): Promise<Set<number>> {
    const found = await this.#each(query, each =>
      each.select(SEQ).andWhereBetween(SEQ, [from, to]),
    );
    return new Set(found.flat().map(({ seq }) => placeIn(seq)));
  }

  /** Whether one is among those that are asked for. */
  async has(query: RecordQuery, id: string): Promise<boolean> {
    const found = await this.#each(query, each =>
      each.select(SEQ).andWhere(`${RECORDS}.id`, id),
    );
    return found.flat().length > 0;
  }

  /** Outcomes of these intents that are among those that are asked for. */
  async outcomesOf(query: RecordQuery, intents: string[]): Promise<FoundRow[]> {
    if (intents.length === 0) return [];
    return this.#rows(query, each => each.whereIn('intent_id', intents));
  }

  /** First and last place; nothing if there is none. */
  async ends(
    query: RecordQuery,
  ): Promise<{ first: number; last: number } | undefined> {
    const found = await this.#each(query, each =>
      each.min({ first: SEQ }).max({ last: SEQ }).first<EndsRow | undefined>(),
    );
    const ends = found.flatMap(row =>
      row && row.first !== null && row.last !== null
        ? { first: placeIn(row.first), last: placeIn(row.last) }
        : [],
    );
    if (ends.length === 0) return undefined;
    return {
      first: Math.min(...ends.map(({ first }) => first)),
      last: Math.max(...ends.map(({ last }) => last)),
    };
  }

  async #rows(
    query: RecordQuery,
    narrow: (builder: Knex.QueryBuilder<RecordRow>) => void,
  ): Promise<FoundRow[]> {
    const found = await this.#each(query, each => {
      narrow(each);
      return each.select<RecordRow[]>(`${RECORDS}.*`);
    });
    return new RecordEnvironmentStore(this.#db).with(found.flat().map(readRow));
  }

  async #each<T>(
    query: RecordQuery,
    ask: (builder: Knex.QueryBuilder<RecordRow>) => PromiseLike<T>,
  ): Promise<T[]> {
    return Promise.all(questions(this.#db, query).map(ask));
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
    return row ? placeIn(row.seq) : Number.MAX_SAFE_INTEGER;
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
    return Math.max(placeIn(inTime?.seq ?? 0), placeIn(late?.seq ?? 0));
  }
}

function shifted(time: string, milliseconds: number): string {
  return new Date(Date.parse(time) + milliseconds).toISOString();
}
