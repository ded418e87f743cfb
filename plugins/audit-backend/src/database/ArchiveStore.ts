import { ArchiveAnchor } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { placeIn } from './placeIn';

interface ArchiveRow {
  to_seq: number;
  from_seq: number;
  chain: string;
  hash: string;
  at: string;
  until: string | null;
  file: string;
  digest: string;
  key_id: string;
  signature: string;
}

const TABLE = 'archives';

export class ArchiveStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  async add(anchor: ArchiveAnchor): Promise<void> {
    const { from, to, keyId, ...rest } = anchor;
    await this.#db<ArchiveRow>(TABLE).insert({
      ...rest,
      ...{ from_seq: from, to_seq: to, key_id: keyId },
    });
  }

  async last(): Promise<ArchiveAnchor | undefined> {
    const row = await this.#db<ArchiveRow>(TABLE)
      .orderBy('to_seq', 'desc')
      .first();
    return row && readRow(row);
  }

  /** All, by place. */
  async all(): Promise<ArchiveAnchor[]> {
    const rows = await this.#db<ArchiveRow>(TABLE).orderBy('to_seq');
    return rows.map(readRow);
  }
}

function readRow(row: ArchiveRow): ArchiveAnchor {
  const { from_seq, to_seq, key_id: keyId, until, ...rest } = row;
  return {
    ...{ ...rest, from: placeIn(from_seq), to: placeIn(to_seq), keyId },
    ...(until !== null && { until }),
  };
}
