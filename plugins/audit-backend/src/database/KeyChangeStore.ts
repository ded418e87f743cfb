import { KeyChange, keyChangeSchema } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { placeIn } from './placeIn';

const TABLE = 'key_changes';

interface KeyChangeRow extends Omit<KeyChange, 'handover' | 'proven'> {
  handover: string | null;
  proven: number | null;
}

/** Which signing key followed which. */
export class KeyChangeStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** Notes one, in place of what was noted of these two keys before. */
  async put(change: KeyChange): Promise<void> {
    const { handover = null, proven = null } = change;
    await this.#db<KeyChangeRow>(TABLE)
      .insert({ ...change, handover, proven })
      .onConflict(['retired', 'successor'])
      .merge();
  }

  /** All that can be read, the earliest first. None of them is believed. */
  async all(): Promise<KeyChange[]> {
    const rows = await this.#db<KeyChangeRow>(TABLE).orderBy(['seq', 'at']);
    return rows.flatMap(({ handover, proven, ...row }) => {
      const parsed = keyChangeSchema.safeParse({
        ...{ ...row, seq: placeIn(row.seq) },
        ...(handover && { handover }),
        // PostgreSQL gives large numbers as text.
        ...(proven !== null && { proven: placeIn(proven) }),
      });
      return parsed.success ? [parsed.data] : [];
    });
  }
}
