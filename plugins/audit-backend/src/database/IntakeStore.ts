import { chunksOf } from '@highroad/plugin-platform-common';
import { Knex } from 'knex';
import { CHUNK } from './RecordStore';

/** A record that waits for its place. */
export interface IntakeRow {
  id: string;
  /** The text that is chained, byte for byte */
  body: string;
  mac: string;
  received_at: string;
}

const TABLE = 'intake';

export class IntakeStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /**
   * Adds one. This is what must succeed before an effect.
   *
   * @throws Error also where the database says that it did, and has added nothing, as a trigger can have it
   */
  async add(row: IntakeRow): Promise<void> {
    const added = await this.#db<IntakeRow>(TABLE).insert(row, ['id']);
    if (added.length === 1 && added[0].id === row.id) return;
    throw new Error('The database added nothing to the intake.');
  }

  /** Adds those that are not there yet. */
  async addMissing(rows: IntakeRow[]): Promise<void> {
    for (const chunk of chunksOf(rows, CHUNK)) {
      await this.#db<IntakeRow>(TABLE).insert(chunk).onConflict('id').ignore();
    }
  }

  /** The ones that came first. */
  async oldest(limit: number): Promise<IntakeRow[]> {
    return this.#db<IntakeRow>(TABLE)
      .select('id', 'body', 'mac', 'received_at')
      .orderBy(['received_at', 'id'])
      .limit(limit);
  }

  async isEmpty(): Promise<boolean> {
    return !(await this.#db<IntakeRow>(TABLE).select('id').first());
  }

  async remove(ids: string[]): Promise<void> {
    await this.#db<IntakeRow>(TABLE).whereIn('id', ids).delete();
  }

  async waiting(): Promise<{ count: number; oldest?: string }> {
    const row = await this.#db<IntakeRow>(TABLE)
      .count({ count: '*' })
      .min({ oldest: 'received_at' })
      .first();
    const oldest = row?.oldest;
    return {
      count: Number(row?.count ?? 0),
      ...(typeof oldest === 'string' && { oldest }),
    };
  }
}
