import { Checkpoint } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { placeIn } from './placeIn';

interface CheckpointRow {
  seq: number;
  chain: string;
  hash: string;
  at: string;
  key_id: string;
  signature: string;
}

const TABLE = 'checkpoints';
/** So many are looked at with one query. */
const PAGE = 100;

export class CheckpointStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  async add(checkpoint: Checkpoint): Promise<void> {
    const { keyId: key_id, ...rest } = checkpoint;
    await this.#db<CheckpointRow>(TABLE)
      .insert({ ...rest, key_id })
      // The ledger makes one of a place only once: what stands there was put there by somebody else.
      .onConflict('seq')
      .merge();
  }

  async last(): Promise<Checkpoint | undefined> {
    const row = await this.#db<CheckpointRow>(TABLE)
      .orderBy('seq', 'desc')
      .first();
    return row && readRow(row);
  }

  /** The last one that fits. */
  async lastThat(
    fits: (checkpoint: Checkpoint) => boolean,
  ): Promise<Checkpoint | undefined> {
    for (let before: number | undefined; ; ) {
      const rows = await this.#db<CheckpointRow>(TABLE)
        .modify(query => {
          if (before !== undefined) query.where('seq', '<', before);
        })
        .orderBy('seq', 'desc')
        .limit(PAGE);
      const found = rows.map(readRow).find(fits);
      if (found || rows.length < PAGE) return found;
      before = placeIn(rows[rows.length - 1].seq);
    }
  }

  /** The last one that speaks of a place up to this one. */
  async lastUpTo(seq: number): Promise<Checkpoint | undefined> {
    const row = await this.#db<CheckpointRow>(TABLE)
      .where('seq', '<=', seq)
      .orderBy('seq', 'desc')
      .first();
    return row && readRow(row);
  }

  /** Those that speak of a place from this one on, by place. */
  async from(seq: number, limit: number): Promise<Checkpoint[]> {
    // Behind the last place that there can be.
    if (seq > Number.MAX_SAFE_INTEGER) return [];
    const rows = await this.#db<CheckpointRow>(TABLE)
      .where('seq', '>=', seq)
      .orderBy('seq')
      .limit(limit);
    return rows.map(readRow);
  }

  /** The first one that a key has signed of a place, or of one behind it. */
  async nextBy(keyId: string, seq: number): Promise<Checkpoint | undefined> {
    const row = await this.#db<CheckpointRow>(TABLE)
      .where({ key_id: keyId })
      .andWhere('seq', '>=', seq)
      .orderBy('seq')
      .first();
    return row && readRow(row);
  }

  /** Of which places there are some that another key has signed. */
  async placesNotBy(keyId: string): Promise<Set<number>> {
    const places = await this.#db<CheckpointRow>(TABLE)
      .whereNot({ key_id: keyId })
      .pluck('seq');
    return new Set(places.map(placeIn));
  }

  /** The last one that speaks of a record sealed before a time, within a number of places. */
  async lastSealedBefore(
    time: string,
    upToSeq: number,
  ): Promise<Checkpoint | undefined> {
    const row = await this.#db<CheckpointRow>(TABLE)
      .select(`${TABLE}.*`)
      .join('records', 'records.seq', `${TABLE}.seq`)
      .where('records.sealed_at', '<', time)
      .andWhere(`${TABLE}.seq`, '<=', upToSeq)
      .orderBy(`${TABLE}.seq`, 'desc')
      .first();
    return row && readRow(row);
  }

  async removeUpTo(seq: number): Promise<void> {
    await this.#db<CheckpointRow>(TABLE).where('seq', '<=', seq).delete();
  }
}

function readRow(row: CheckpointRow): Checkpoint {
  const { chain, hash, at, key_id: keyId, signature } = row;
  return { chain, seq: placeIn(row.seq), hash, at, keyId, signature };
}
