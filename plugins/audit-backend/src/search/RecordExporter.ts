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
import { ChainStore } from '../database/ChainStore';
import { CheckpointStore } from '../database/CheckpointStore';
import { RecordRow, RecordStore } from '../database/RecordStore';
import { knownKeys } from '../keys/knownKeys';
import { LedgerKeys } from '../keys/LedgerKeys';
import { nodeCrypto } from '../keys/nodeCrypto';
import { CSV_HEADER, csvLine } from './csv';
import { ExportChecks } from './ExportChecks';
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
   * there is only a digest. Ends without its footer, and so never verifies, if one of them is not as it was sealed.
   */
  async *jsonLines(
    asked: RecordFilter,
    visible: Visible,
  ): AsyncGenerator<string> {
    const db = await this.#database();
    const query = await this.#query(db, asked, visible);
    const state = await new ChainStore(db).read();
    const ends = await new RecordSearchStore(db).ends(query);
    const checks = await ExportChecks.begin(db, this.#keys);
    const start = ends
      ? await checks.placeBefore(ends.first)
      : state?.head ?? { seq: 0, hash: '0'.repeat(64) };
    const pieces = this.#pieces(db, query, checks, start, ends?.last);
    const chain = state?.chain ?? '0'.repeat(64);
    const known = await knownKeys(db, this.#keys, chain);
    yield* writeExport(pieces, {
      ...{ chain, start, keyChanges: known.changes },
      at: this.#now().toISOString(),
      filter: given(asked),
      keys: known.keys.known,
      sign: text => this.#keys.sign(text),
      sha256: nodeCrypto.sha256,
    });
  }

  /** Only those that are asked for and may be seen. Breaks off at one that is not as it was sealed. */
  async *csv(filter: RecordFilter, visible: Visible): AsyncGenerator<string> {
    const db = await this.#database();
    const query = await this.#query(db, filter, visible);
    const store = new RecordSearchStore(db);
    const checks = await ExportChecks.begin(db, this.#keys);
    yield CSV_HEADER;
    let after = 0;
    for (;;) {
      const rows = await store.oldest(query, { after, limit: BATCH });
      for (const row of rows) await checks.single(row);
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
    checks: ExportChecks,
    start: ChainEnd,
    last: number | undefined,
  ): AsyncGenerator<ExportPiece> {
    if (last === undefined) return;
    const search = new RecordSearchStore(db);
    let end = start;
    for (let from = start.seq + 1; from <= last; from += BATCH) {
      const to = Math.min(from + BATCH - 1, last);
      const rows = await new RecordStore(db).from(from, to - from + 1);
      const shown = await search.placesBetween(query, from, to);
      const signed = await checkpointsBetween(db, from, to);
      end = await checks.follow(end, rows, to, [...signed.values()]);
      for (const row of rows) {
        yield { place: exportedPlace(row, shown.has(row.seq)) };
        const checkpoint = signed.get(row.seq);
        if (checkpoint) yield { checkpoint };
      }
    }
  }
}

function exportedPlace(row: RecordRow, shown: boolean) {
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

function given(filter: RecordFilter): JsonObject {
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]) => value !== undefined),
  );
}
