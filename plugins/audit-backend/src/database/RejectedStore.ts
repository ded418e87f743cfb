import { Knex } from 'knex';
import { IntakeRow } from './IntakeStore';

/** Something in the intake that the ledger did not write. */
export interface RejectedRow extends IntakeRow {
  found_at: string;
  reason: string;
}

const TABLE = 'rejected_intake';

export class RejectedStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  async add(rows: RejectedRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#db<RejectedRow>(TABLE).insert(rows).onConflict('id').ignore();
  }

  async oldest(limit: number): Promise<RejectedRow[]> {
    return this.#db<RejectedRow>(TABLE).orderBy('found_at').limit(limit);
  }

  async byIds(ids: string[]): Promise<RejectedRow[]> {
    return this.#db<RejectedRow>(TABLE).whereIn('id', ids);
  }

  async count(): Promise<number> {
    const row = await this.#db<RejectedRow>(TABLE)
      .count({ count: '*' })
      .first();
    return Number(row?.count ?? 0);
  }

  async remove(ids: string[]): Promise<void> {
    await this.#db<RejectedRow>(TABLE).whereIn('id', ids).delete();
  }
}
