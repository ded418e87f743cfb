import { chunksOf } from '@highroad/plugin-platform-common';
import { Knex } from 'knex';
import { CHUNK } from './LedgerStore';

/** A day in an environment. */
export interface Place {
  environment: string;
  day: string;
}

/** Days that have to be rolled up again. Whoever holds the lease of computing takes them off. */
export class DirtyDays {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  async mark(places: Place[], recompute = false): Promise<void> {
    const each = new Map(
      places.map(({ environment, day }) => [
        JSON.stringify([environment, day]),
        { environment, day, recompute },
      ]),
    );
    // Always in the same order, so that two that mark at once don't wait for each other.
    const rows = [...each.keys()].sort().flatMap(key => each.get(key) ?? []);
    for (const part of chunksOf(rows, CHUNK)) {
      const insert = this.#db('dirty_days')
        .insert(part)
        .onConflict(['environment', 'day']);
      await (recompute ? insert.merge({ recompute }) : insert.ignore());
    }
  }

  /** The latest first: these are looked at. */
  async next(limit: number): Promise<Place[]> {
    return this.#db('dirty_days')
      .orderBy([
        { column: 'day', order: 'desc' },
        { column: 'environment', order: 'asc' },
      ])
      .limit(limit)
      .select('environment', 'day');
  }

  async done(places: Place[]): Promise<void> {
    await this.#db('dirty_days')
      .whereIn(
        ['environment', 'day'],
        places.map(one => [one.environment, one.day]),
      )
      .delete();
  }
}
