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
import { RecordEnvironmentStore } from '../database/RecordEnvironmentStore';
import { RecordRow, RecordStore } from '../database/RecordStore';
import { knownKeys } from '../keys/knownKeys';
import { LedgerKeys } from '../keys/LedgerKeys';
import { nodeCrypto } from '../keys/nodeCrypto';
import { CSV_HEADER, csvLine } from './csv';
import { Verifier } from '../service/Verifier';
import { BrokenExportError, ExportChecks } from './ExportChecks';
import { normalFilter, RecordQuery } from './RecordQuery';
import { RecordSearchStore } from './RecordSearchStore';
import { toRecord } from './toRecord';

const BATCH = 500;

/** Takes records out of the ledger, for somebody, piece by piece. */
export class RecordExporter {
  readonly #database: () => Promise<Knex>;
  readonly #keys: LedgerKeys;
  readonly #verifier: Verifier;
  readonly #now: () => Date;

  constructor(options: {
    database: () => Promise<Knex>;
    keys: LedgerKeys;
    verifier: Verifier;
    now: () => Date;
  }) {
    this.#database = options.database;
    this.#keys = options.keys;
    this.#verifier = options.verifier;
    this.#now = options.now;
  }

  /**
   * From the first to the last record that is asked for and may be seen, with the chain between them. Of all others
   * there is only a digest. Ends without its footer, and so never verifies, if one of them is not as it was sealed.
   *
   * @throws BrokenExportError before its first piece where records are missing at the end of the chain, later where one
   * is not as it was sealed
   */
  async *jsonLines(
    asked: RecordFilter,
    visible: Visible,
  ): AsyncGenerator<string> {
    const { db, query, checks, ends } = await this.#begin(asked, visible);
    const state = await new ChainStore(db).read();
    const chain = state?.chain ?? '0'.repeat(64);
    const start = ends
      ? await checks.placeBefore(ends.first)
      : state?.head ?? { seq: 0, hash: chain };
    const known = await knownKeys(db, this.#keys, chain);
    const places = this.#checkedPlaces(db, query, checks, { ends, start });
    yield* writeExport(exportPieces(places), {
      ...{ chain, start, keyChanges: known.changes },
      at: this.#now().toISOString(),
      filter: given(asked),
      keys: known.keys.known,
      sign: text => this.#keys.sign(text),
      sha256: nodeCrypto.sha256,
    });
  }

  /**
   * Only those that are asked for and may be seen. Breaks off where one of them, or of those between, is not as it was
   * sealed.
   *
   * @throws BrokenExportError as for {@link jsonLines}
   */
  async *csv(asked: RecordFilter, visible: Visible): AsyncGenerator<string> {
    const { db, query, checks, ends } = await this.#begin(asked, visible);
    yield CSV_HEADER;
    if (!ends) return;
    const start = await checks.placeBefore(ends.first);
    const places = this.#checkedPlaces(db, query, checks, { ends, start });
    for await (const { row, isShown } of places) {
      const record = isShown ? toRecord(row) : undefined;
      if (record) yield csvLine(record);
    }
  }

  async #begin(asked: RecordFilter, visible: Visible) {
    const db = await this.#database();
    const query = await this.#query(db, asked, visible);
    const cut = await this.#verifier.cutTail(db, 'thoroughly');
    if (cut) throw new BrokenExportError(cut);
    const ends = await new RecordSearchStore(db).ends(query);
    return {
      ...{ db, query, ends },
      checks: await ExportChecks.begin(db, this.#keys, {
        file: this.#verifier.checkpointFile,
        from: ends?.first ?? 1,
      }),
    };
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

  /** All from the first to the last that is asked for, in their order, each checked before it is given. */
  async *#checkedPlaces(
    db: Knex,
    query: RecordQuery,
    checks: ExportChecks,
    range: { ends: { last: number } | undefined; start: ChainEnd },
  ): AsyncGenerator<CheckedPlace> {
    const last = range.ends?.last ?? 0;
    const search = new RecordSearchStore(db);
    let end = range.start;
    for (let from = end.seq + 1; from <= last; from += BATCH) {
      const to = Math.min(from + BATCH - 1, last);
      const rows = await new RecordEnvironmentStore(db).with(
        await new RecordStore(db).from(from, to - from + 1),
      );
      const shown = await search.placesBetween(query, from, to);
      const signed = await checkpointsBetween(db, from, to);
      end = await checks.follow(end, rows, to, [...signed.values()]);
      for (const row of rows) {
        const isShown = shown.has(row.seq);
        yield { row, isShown, checkpoint: signed.get(row.seq) };
      }
    }
  }
}

interface CheckedPlace {
  row: RecordRow;
  /** Asked for, and to be seen by the one who asked */
  isShown: boolean;
  checkpoint: Checkpoint | undefined;
}

async function* exportPieces(
  places: AsyncIterable<CheckedPlace>,
): AsyncGenerator<ExportPiece> {
  for await (const { row, isShown, checkpoint } of places) {
    yield { place: exportedPlace(row, isShown) };
    if (checkpoint) yield { checkpoint };
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
