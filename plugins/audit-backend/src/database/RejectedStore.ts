import { chunksOf } from '@highroad/plugin-platform-common';
import { Knex } from 'knex';
import { CHUNK } from './RecordStore';
import { IntakeRow } from './IntakeStore';

/** Something in the intake that the ledger did not write. */
export interface RejectedRow extends IntakeRow {
  found_at: string;
  reason: string;
}

/** Where one of them stands among the others. */
export type RejectedPlace = Pick<RejectedRow, 'found_at' | 'id'>;

const TABLE = 'rejected_intake';

export class RejectedStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  async add(rows: RejectedRow[]): Promise<void> {
    for (const chunk of chunksOf(rows, CHUNK)) {
      await this.#db<RejectedRow>(TABLE)
        .insert(chunk)
        .onConflict('id')
        .ignore();
    }
  }

  /** The ones that were put aside first, of all or behind a place. */
  async oldest(limit: number, after?: RejectedPlace): Promise<RejectedRow[]> {
    const rows = this.#db<RejectedRow>(TABLE)
      .orderBy(['found_at', 'id'])
      .limit(limit);
    if (after) {
      rows.whereRaw('(found_at, id) > (?, ?)', [after.found_at, after.id]);
    }
    return rows;
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
