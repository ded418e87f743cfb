import { Knex } from 'knex';

interface OpenIntentRow {
  id: string;
  seq: number;
}

export const OPEN_INTENTS = 'open_intents';

/** What has not ended: intents in the chain without an outcome. */
export class OpenIntentStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  async add(rows: OpenIntentRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#db.batchInsert(OPEN_INTENTS, rows, 500);
  }

  async remove(ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#db<OpenIntentRow>(OPEN_INTENTS).whereIn('id', ids).delete();
  }

  async removeUpTo(seq: number): Promise<void> {
    await this.#db<OpenIntentRow>(OPEN_INTENTS)
      .where('seq', '<=', seq)
      .delete();
  }
}
