import { LONGEST_NAME, RecordColumns } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { placeIn } from './placeIn';

/** A record in the chain, as it is stored. */
export interface RecordRow extends RecordColumns {
  seq: number;
  prev: string;
  hash: string;
  seal: string;
  body: string;
  sealed_at: string;
  late: boolean;
  /** Names of columns whose values are of another type than was stored there: SQLite compares them otherwise than they read */
  mistyped?: string[];
}

export const RECORDS = 'records';
/** Rows in a statement: SQLite takes fewer, and both databases fewer values, than a whole batch has. */
export const CHUNK = 200;

/**
 * Narrows a query to where the chain can be: from 1 on, and behind what was archived. What stands before that was never
 * sealed there; verifying names it.
 */
export function whereKept(builder: Knex.QueryBuilder<RecordRow>): void {
  builder.whereRaw(
    `${RECORDS}.seq > (select coalesce(max(to_seq), 0) from archives)`,
  );
}

/** The first column that PostgreSQL could not hold what a record says in; nothing if all can. */
export function tooLong(columns: RecordColumns): string | undefined {
  const found = Object.entries(columns).find(
    ([, value]) => typeof value === 'string' && value.length > LONGEST_NAME,
  );
  return found?.[0];
}

/** The chain, by its places. */
export class RecordStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  async add(rows: RecordRow[]): Promise<void> {
    await this.#db.batchInsert(RECORDS, rows, CHUNK);
  }

  /** Which of these are in the chain already. */
  async knownIds(ids: string[]): Promise<Set<string>> {
    const rows = await this.#db<RecordRow>(RECORDS)
      .select('id')
      .whereIn('id', ids);
    return new Set(rows.map(({ id }) => id));
  }

  /** Which of these intents have ended. */
  async endedAmong(intents: string[]): Promise<Set<string>> {
    if (intents.length === 0) return new Set();
    const rows = await this.#db<RecordRow>(RECORDS)
      .select('intent_id')
      .whereIn('intent_id', intents);
    return new Set(
      rows.map(({ intent_id }) => intent_id).filter(id => id !== null),
    );
  }

  /** Records from a place on, by place. */
  async from(seq: number, limit: number): Promise<RecordRow[]> {
    // Behind the last place that there can be.
    if (seq > Number.MAX_SAFE_INTEGER) return [];
    const rows = await this.#db<RecordRow>(RECORDS)
      .select('*')
      .where('seq', '>=', seq)
      .orderBy([{ column: 'seq' }, { column: 'id' }])
      .limit(limit);
    return rows.map(readRow);
  }

  /** Those of some events behind a place, by place. */
  async byEvents(
    events: string[],
    after: number,
    limit: number,
  ): Promise<RecordRow[]> {
    const rows = await this.#db<RecordRow>(RECORDS)
      .whereIn('event', events)
      .andWhere('seq', '>', after)
      // What is beyond is nobody's place, and going on behind it would come to it again.
      .andWhere('seq', '<=', Number.MAX_SAFE_INTEGER)
      .orderBy('seq')
      .limit(limit);
    return rows.map(readRow);
  }

  async at(seq: number): Promise<RecordRow | undefined> {
    const row = await this.#db<RecordRow>(RECORDS).where({ seq }).first();
    return row && readRow(row);
  }

  /** When the newest of some was sealed: not always the last, since clocks differ. */
  async newestSealedAt(from: number, to: number): Promise<string | undefined> {
    const row = await this.#db<RecordRow>(RECORDS)
      .whereBetween('seq', [from, to])
      .max({ at: 'sealed_at' })
      .first();
    return row?.at ?? undefined;
  }

  async byId(id: string): Promise<RecordRow | undefined> {
    const row = await this.#db<RecordRow>(RECORDS)
      .where({ id })
      .andWhere(whereKept)
      .first();
    return row && readRow(row);
  }

  /** The one at the end of the chain. */
  async last(): Promise<RecordRow | undefined> {
    const row = await this.#db<RecordRow>(RECORDS)
      .orderBy('seq', 'desc')
      .first();
    return row && readRow(row);
  }

  /**
   * The last one that fits.
   *
   * @param among - only those behind a place, or with a seal that says that it is by a key
   */
  async lastThat(
    fits: (row: RecordRow) => boolean | Promise<boolean>,
    among: { after?: number; keyId?: string } = {},
  ): Promise<RecordRow | undefined> {
    const { after, keyId } = among;
    for (let before: number | undefined; ; ) {
      // One is enough, but for those that somebody else put there.
      const most = before === undefined ? 1 : CHUNK;
      const rows = await this.#db<RecordRow>(RECORDS)
        .where(whereKept)
        .modify(query => {
          if (before !== undefined) query.where('seq', '<', before);
          if (after !== undefined) query.where('seq', '>', after);
          if (keyId !== undefined) query.whereLike('seal', `${keyId}:%`);
        })
        .orderBy('seq', 'desc')
        .limit(most);
      for (const row of rows.map(readRow)) if (await fits(row)) return row;
      if (rows.length < most) return undefined;
      before = placeIn(rows[rows.length - 1].seq);
    }
  }

  /** The lowest place; nothing if there is none. */
  async firstSeq(): Promise<number | undefined> {
    const row = await this.#db<RecordRow>(RECORDS)
      .where(whereKept)
      .min({ seq: 'seq' })
      .first();
    const first = row?.seq ?? undefined;
    return first === undefined ? undefined : placeIn(first);
  }

  /** The first one up to a place. */
  async firstUpTo(seq: number): Promise<RecordRow | undefined> {
    const row = await this.#db<RecordRow>(RECORDS)
      .where('seq', '<=', seq)
      .orderBy('seq')
      .first();
    return row && readRow(row);
  }

  /** Puts a seal in place of another one, if that one is still there. */
  async reseal(seq: number, seal: { from: string; to: string }): Promise<void> {
    await this.#db<RecordRow>(RECORDS)
      .where({ seq, seal: seal.from })
      .update({ seal: seal.to });
  }

  /** Removes what was archived. */
  async removeUpTo(seq: number): Promise<number> {
    return this.#db<RecordRow>(RECORDS).where('seq', '<=', seq).delete();
  }
}

/**
 * A row as it was meant. PostgreSQL gives large numbers as text, SQLite booleans as numbers; and SQLite keeps what anybody
 * writes into a column, of whatever type: that is read as text, and told.
 */
export function readRow(row: RecordRow): RecordRow {
  const { seq, late, ...texts } = row;
  const others = Object.entries(texts).filter(
    ([, value]) => typeof value !== 'string' && value !== null,
  );
  const mistyped = others.map(([name]) => name);
  // PostgreSQL gives a boolean, SQLite its number; any other value is true here and perhaps false there.
  if (typeof late !== 'boolean' && late !== 0 && late !== 1) {
    mistyped.push('late');
  }
  return {
    ...texts,
    ...Object.fromEntries(others.map(([name, value]) => [name, `${value}`])),
    ...{ seq: placeIn(seq), late: Boolean(late) },
    ...(mistyped.length > 0 && { mistyped }),
  };
}
