import { JsonObject } from '@backstage/types';
import {
  ChainEnd,
  Checkpoint,
  ExportPiece,
  RecordFilter,
  writeExport,
} from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { Visible } from '../access/Visibility';
import { ArchiveStore } from '../database/ArchiveStore';
import { ChainStore } from '../database/ChainStore';
import { CheckpointStore } from '../database/CheckpointStore';
import { RecordRow, RecordStore } from '../database/RecordStore';
import { LedgerKeys } from '../keys/LedgerKeys';
import { nodeCrypto } from '../keys/nodeCrypto';
import { CSV_HEADER, csvLine } from './csv';
import { normalFilter, RecordQuery } from './RecordQuery';
import { RecordSearchStore } from './RecordSearchStore';
import { toRecord } from './toRecord';

const BATCH = 500;

/** Takes records out of the ledger, for somebody, piece by piece. */
export class RecordExporter {
  readonly #database: () => Promise<Knex>;
  readonly #keys: LedgerKeys;
  readonly #now: () => Date;

  constructor(options: {
    database: () => Promise<Knex>;
    keys: LedgerKeys;
    now: () => Date;
  }) {
    this.#database = options.database;
    this.#keys = options.keys;
    this.#now = options.now;
  }

  /**
   * From the first to the last record that is asked for and may be seen, with the chain between them. Of all others
   * there is only a digest.
   */
  async *jsonLines(
    asked: RecordFilter,
    visible: Visible,
  ): AsyncGenerator<string> {
    const db = await this.#database();
    const query = await this.#query(db, asked, visible);
    const state = await new ChainStore(db).read();
    const ends = await new RecordSearchStore(db).ends(query);
    const start = ends
      ? await placeBefore(db, ends.first, state?.chain ?? '')
      : state?.head ?? { seq: 0, hash: '0'.repeat(64) };
    yield* writeExport(this.#pieces(db, query, start, ends?.last), {
      ...{ chain: state?.chain ?? '0'.repeat(64), start },
      at: this.#now().toISOString(),
      filter: given(asked),
      keys: this.#keys.known,
      sign: text => this.#keys.sign(text),
      sha256: nodeCrypto.sha256,
    });
  }

  /** Only those that are asked for and may be seen. */
  async *csv(filter: RecordFilter, visible: Visible): AsyncGenerator<string> {
    const db = await this.#database();
    const query = await this.#query(db, filter, visible);
    const store = new RecordSearchStore(db);
    yield CSV_HEADER;
    let after = 0;
    for (;;) {
      const rows = await store.oldest(query, { after, limit: BATCH });
      const records = rows.map(toRecord).filter(one => one !== undefined);
      if (records.length > 0) yield records.map(csvLine).join('');
      if (rows.length < BATCH) return;
      after = rows[rows.length - 1].seq;
    }
  }

  async #query(
    db: Knex,
    asked: RecordFilter,
    visible: Visible,
  ): Promise<RecordQuery> {
    const filter = normalFilter(asked);
    const places = await new RecordSearchStore(db).placesByTime(filter);
    return { filter, visible, places };
  }

  async *#pieces(
    db: Knex,
    query: RecordQuery,
    start: ChainEnd,
    last: number | undefined,
  ): AsyncGenerator<ExportPiece> {
    if (last === undefined) return;
    const search = new RecordSearchStore(db);
    for (let from = start.seq + 1; from <= last; from += BATCH) {
      const to = Math.min(from + BATCH - 1, last);
      const rows = await new RecordStore(db).from(from, to - from + 1);
      const shown = await search.placesBetween(query, from, to);
      const signed = await checkpointsBetween(db, from, to);
      for (const row of rows) {
        if (row.seq > to) break;
        yield { place: placeOf(row, shown.has(row.seq)) };
        const checkpoint = signed.get(row.seq);
        if (checkpoint) yield { checkpoint };
      }
    }
  }
}

function placeOf(row: RecordRow, shown: boolean) {
  const { seq, prev, hash, body } = row;
  const content = shown ? { body } : { digest: nodeCrypto.sha256(body) };
  return { seq, prev, hash, content };
}

async function checkpointsBetween(
  db: Knex,
  from: number,
  to: number,
): Promise<Map<number, Checkpoint>> {
  const checkpoints = await new CheckpointStore(db).from(from, to - from + 1);
  return new Map(checkpoints.map(checkpoint => [checkpoint.seq, checkpoint]));
}

async function placeBefore(
  db: Knex,
  seq: number,
  chain: string,
): Promise<ChainEnd> {
  if (seq === 1) return { seq: 0, hash: chain };
  const anchor = await new ArchiveStore(db).last();
  if (anchor?.to === seq - 1) return { seq: anchor.to, hash: anchor.hash };
  const row = await new RecordStore(db).at(seq - 1);
  return { seq: seq - 1, hash: row?.hash ?? chain };
}

function given(filter: RecordFilter): JsonObject {
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]) => value !== undefined),
  );
}
