import { ChainEnd } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { placeIn } from './placeIn';

interface ChainRow {
  one: number;
  chain: string;
  head_seq: number;
  head_hash: string;
  started_at: string;
}

export interface ChainState {
  /** Id of the chain */
  chain: string;
  head: ChainEnd;
  startedAt: string;
}

const TABLE = 'chain';

/** What the ledger knows of its own chain. */
export class ChainStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** Begins a chain if there is none. */
  async begin(chain: string, startedAt: string): Promise<void> {
    await this.#db<ChainRow>(TABLE)
      .insert({
        ...{ one: 1, chain, head_seq: 0, head_hash: chain },
        started_at: startedAt,
      })
      .onConflict('one')
      .ignore();
  }

  async read(): Promise<ChainState | undefined> {
    const row = await this.#db<ChainRow>(TABLE).where({ one: 1 }).first();
    return (
      row && {
        chain: row.chain,
        head: { seq: placeIn(row.head_seq), hash: row.head_hash },
        startedAt: row.started_at,
      }
    );
  }

  async moveHead(head: ChainEnd): Promise<void> {
    await this.#db<ChainRow>(TABLE)
      .where({ one: 1 })
      .update({ head_seq: head.seq, head_hash: head.hash });
  }
}
