import { KeyChange, keyChangeSchema } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';

const TABLE = 'key_changes';

interface KeyChangeRow extends Omit<KeyChange, 'handover'> {
  handover: string | null;
}

/** Which signing key followed which. */
export class KeyChangeStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** Adds one, unless that one key followed that other was noted before. */
  async add(change: KeyChange): Promise<void> {
    await this.#db<KeyChangeRow>(TABLE)
      .insert({ ...change, handover: change.handover ?? null })
      .onConflict(['retired', 'successor'])
      .ignore();
  }

  /** All that can be read, the earliest first. None of them is believed. */
  async all(): Promise<KeyChange[]> {
    const rows = await this.#db<KeyChangeRow>(TABLE).orderBy(['seq', 'at']);
    return rows.flatMap(({ handover, ...row }) => {
      const change = { ...row, seq: Number(row.seq) };
      const parsed = keyChangeSchema.safeParse(
        handover ? { ...change, handover } : change,
      );
      return parsed.success ? [parsed.data] : [];
    });
  }
}
