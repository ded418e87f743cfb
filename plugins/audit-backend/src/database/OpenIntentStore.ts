import { Knex } from 'knex';

interface OpenIntentRow {
  id: string;
  seq: number;
}

export const OPEN_INTENTS = 'open_intents';
const SOME = 100;

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

  /**
   * Where the list and the chain disagree, up to some of each.
   *
   * @returns places of intents without an outcome that the list lacks, and ids in the list that are no such intents
   */
  async differences(): Promise<{ missing: number[]; invented: string[] }> {
    const outcomes = this.#db('records as outcomes')
      .whereRaw('outcomes.intent_id = records.id')
      .select(this.#db.raw('1'));
    const listed = this.#db(OPEN_INTENTS)
      .whereRaw(`${OPEN_INTENTS}.id = records.id`)
      .select(this.#db.raw('1'));
    const missing = await this.#db('records')
      .where('phase', 'intent')
      .whereNotExists(outcomes.clone())
      .whereNotExists(listed)
      .orderBy('seq')
      .limit(SOME)
      .pluck('seq');
    const invented = await this.#db(OPEN_INTENTS)
      .leftJoin('records', 'records.id', `${OPEN_INTENTS}.id`)
      .where(wrong =>
        wrong
          .whereNull('records.id')
          .orWhereNot('records.phase', 'intent')
          .orWhereExists(outcomes.clone()),
      )
      .limit(SOME)
      .pluck(`${OPEN_INTENTS}.id`);
    return { missing: missing.map(Number), invented };
  }

  async removeUpTo(seq: number): Promise<void> {
    await this.#db<OpenIntentRow>(OPEN_INTENTS)
      .where('seq', '<=', seq)
      .delete();
  }
}
