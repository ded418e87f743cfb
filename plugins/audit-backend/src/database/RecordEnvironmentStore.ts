import { chunksOf } from '@highroad/plugin-platform-common';
import { Knex } from 'knex';
import { CHUNK, RecordRow } from './RecordStore';
import { placeIn } from './placeIn';

interface RecordEnvironmentRow {
  seq: number;
  environment: string;
}

export const RECORD_ENVIRONMENTS = 'record_environments';

/** A record, and the further environments that it is found by. */
export type FoundRow = RecordRow & { environments: string[] };

/** What records that are about several environments are found by, besides their own column. */
export class RecordEnvironmentStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  async add(rows: RecordEnvironmentRow[]): Promise<void> {
    for (const chunk of chunksOf(rows, CHUNK)) {
      // Rows that somebody left there must not keep the ledger from going on; verifying finds what is too much.
      await this.#db<RecordEnvironmentRow>(RECORD_ENVIRONMENTS)
        .insert(chunk)
        .onConflict(['environment', 'seq'])
        .ignore();
    }
  }

  /** Adds to each record what it is found by. */
  async with(rows: RecordRow[]): Promise<FoundRow[]> {
    if (rows.length === 0) return [];
    const numbers = rows.map(({ seq }) => seq);
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    const store = this.#db<RecordEnvironmentRow>(RECORD_ENVIRONMENTS);
    const found = await (high - low < 2 * rows.length
      ? store.whereBetween('seq', [low, high])
      : store.whereIn('seq', numbers));
    const bySeq = new Map<number, unknown[]>();
    for (const { seq, environment } of found) {
      const names = bySeq.get(placeIn(seq)) ?? [];
      bySeq.set(placeIn(seq), [...names, environment]);
    }
    return rows.map(row => {
      const names = bySeq.get(row.seq) ?? [];
      const mistyped = names.some(name => typeof name !== 'string');
      return {
        ...row,
        environments: names.map(String).sort(),
        ...(mistyped && {
          mistyped: [...(row.mistyped ?? []), 'environments'],
        }),
      };
    });
  }

  /** Removes those of what was archived. */
  async removeUpTo(seq: number): Promise<void> {
    await this.#db<RecordEnvironmentRow>(RECORD_ENVIRONMENTS)
      .where('seq', '<=', seq)
      .delete();
  }
}
