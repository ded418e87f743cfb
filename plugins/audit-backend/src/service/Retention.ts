import { LoggerService } from '@backstage/backend-plugin-api';
import {
  ArchiveAnchor,
  archiveText,
  ChainEnd,
  Checkpoint,
  ExportPiece,
  verifyExport,
  writeExport,
} from '@highroad/plugin-audit-common';
import { linesOf } from '@highroad/plugin-platform-common';
import { Knex } from 'knex';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { boundedTransaction } from '../database/boundedTransaction';
import { ArchiveStore } from '../database/ArchiveStore';
import { ChainStore } from '../database/ChainStore';
import { CheckpointStore } from '../database/CheckpointStore';
import { Lease, LeaseStore } from '../database/LeaseStore';
import { OpenIntentStore } from '../database/OpenIntentStore';
import { RecordEnvironmentStore } from '../database/RecordEnvironmentStore';
import { RecordStore } from '../database/RecordStore';
import { knownKeys } from '../keys/knownKeys';
import { LedgerKeys } from '../keys/LedgerKeys';
import { nodeCrypto } from '../keys/nodeCrypto';
import { readRecords } from './ledgerPlaces';
import { ledgerWitnesses } from './ledgerWitnesses';
import { Verifier } from './Verifier';

const DAY_MS = 24 * 60 * 60_000;
const LEASE = 'retention';
const LEASE_MS = 60 * 60_000;
/** Of one file. */
const MOST_RECORDS = 100_000;

/**
 * Takes old records out of the database: into files that verify alone, of which the ledger keeps a signed trace, so that
 * the chain goes on behind them. Nothing is removed before its file has been verified.
 */
export class Retention {
  readonly #keys: LedgerKeys;
  readonly #verifier: Verifier;
  readonly #days: number;
  readonly #directory: string;
  readonly #holder: string;
  readonly #now: () => Date;
  readonly #logger: LoggerService;
  readonly #mostRecords: number;

  constructor(options: {
    keys: LedgerKeys;
    verifier: Verifier;
    /** How long records stay in the database */
    days: number;
    /** Where the files are put */
    directory: string;
    /** Name of this process */
    holder: string;
    now: () => Date;
    logger: LoggerService;
    mostRecords?: number;
  }) {
    this.#keys = options.keys;
    this.#verifier = options.verifier;
    this.#days = options.days;
    this.#directory = options.directory;
    this.#holder = options.holder;
    this.#now = options.now;
    this.#logger = options.logger;
    this.#mostRecords = options.mostRecords ?? MOST_RECORDS;
  }

  /**
   * Archives everything that is old enough, up to the last checkpoint before that.
   *
   * @returns what was archived
   * @throws Error saying why nothing more was removed
   */
  async run(db: Knex): Promise<ArchiveAnchor[]> {
    const time = { now: this.#now().getTime(), ttlMs: LEASE_MS };
    const lease = await new LeaseStore(db).take(LEASE, this.#holder, time);
    if (!lease) return [];
    try {
      const anchors: ArchiveAnchor[] = [];
      for (;;) {
        const anchor = await this.#archiveNext(db, lease);
        if (!anchor) return anchors;
        anchors.push(anchor);
        this.#logger.info(
          `Audit records ${anchor.from} to ${anchor.to} were archived to ${anchor.file} and removed from the database.`,
        );
      }
    } finally {
      await new LeaseStore(db).release(lease);
    }
  }

  async #archiveNext(
    db: Knex,
    lease: Lease,
  ): Promise<ArchiveAnchor | undefined> {
    const state = await new ChainStore(db).read();
    if (!state) return undefined;
    const { chain } = state;
    const last = await new ArchiveStore(db).last();
    const start = last
      ? { seq: last.to, hash: last.hash }
      : { seq: 0, hash: chain };
    const checkpoint = await this.#boundary(db, start.seq);
    if (!checkpoint || checkpoint.seq <= start.seq) return undefined;

    const range = { from: start.seq + 1, to: checkpoint.seq };
    const verification = await this.#verifier.verify(db, range);
    if (!verification.ok) {
      throw new Error(
        `Nothing was archived: the ledger does not verify. ${verification.problem.message} See docs/runbooks/audit-chain-broken.md`,
      );
    }
    const until = await new RecordStore(db).newestSealedAt(
      range.from,
      range.to,
    );
    const written = await this.#write(db, chain, start, checkpoint);
    const content = {
      ...{ chain, from: range.from, to: range.to, hash: checkpoint.hash },
      ...{ at: this.#now().toISOString(), digest: written.digest },
      ...(until && { until }),
    };
    const anchor = {
      ...{ ...content, file: written.file },
      ...this.#keys.sign(archiveText(content)),
    };
    await this.#remove(db, lease, anchor);
    return anchor;
  }

  /** The last checkpoint before which everything is old enough, or the last of so many records. */
  async #boundary(db: Knex, after: number): Promise<Checkpoint | undefined> {
    const time = this.#now().getTime() - this.#days * DAY_MS;
    const before = new Date(time).toISOString();
    const store = new CheckpointStore(db);
    const found = await store.lastSealedBefore(
      before,
      after + this.#mostRecords,
    );
    if (found && found.seq > after) return found;
    // Checkpoints may lie further apart than that.
    const [next] = await store.from(after + 1, 1);
    const row = next && (await new RecordStore(db).at(next.seq));
    return row && row.sealed_at < before ? next : undefined;
  }

  /** Writes a file and reads it again, as somebody would who has nothing else. */
  async #write(
    db: Knex,
    chain: string,
    start: ChainEnd,
    end: Checkpoint,
  ): Promise<{ file: string; digest: string }> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const name = `audit-${start.seq + 1}-${end.seq}.jsonl`;
    const file = join(this.#directory, name);
    const temporary = `${file}.tmp`;
    try {
      const known = await knownKeys(db, this.#keys, chain);
      const lines = writeExport(pieces(db, start.seq + 1, end.seq), {
        ...{
          chain,
          start,
          keyChanges: known.changes,
          at: this.#now().toISOString(),
          filter: {},
        },
        keys: known.keys.known,
        sign: text => this.#keys.sign(text),
        sha256: nodeCrypto.sha256,
      });
      await pipeline(
        Readable.from(lines),
        createWriteStream(temporary, { mode: 0o600, flush: true }),
      );
      const digest = await this.#check(temporary, start, end);
      await rename(temporary, file);
      await syncFolder(this.#directory);
      return { file, digest };
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async #check(
    file: string,
    start: ChainEnd,
    end: Checkpoint,
  ): Promise<string> {
    const { publicKey } = this.#keys.current;
    const verdict = await verifyExport(linesOf(createReadStream(file)), {
      publicKey,
      crypto: nodeCrypto,
    });
    if (!verdict.ok) {
      throw new Error(
        `Nothing was removed: the archive ${file} does not verify. ${verdict.problem.message}`,
      );
    }
    const whole =
      verdict.records === end.seq - start.seq &&
      verdict.leftOut === 0 &&
      verdict.head.hash === end.hash;
    if (!whole) {
      throw new Error(
        `Nothing was removed: the archive ${file} has not all records from ${
          start.seq + 1
        } to ${end.seq}.`,
      );
    }
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    return hash.digest('hex');
  }

  /** At once, and only while nobody else archives. */
  async #remove(db: Knex, lease: Lease, anchor: ArchiveAnchor): Promise<void> {
    await boundedTransaction(db, async tx => {
      const time = { now: this.#now().getTime(), ttlMs: LEASE_MS };
      if (!(await new LeaseStore(tx).renew(lease, time))) {
        throw new Error(
          `Nothing was removed: another process took over while records ${anchor.from} to ${anchor.to} were archived.`,
        );
      }
      await new ArchiveStore(tx).add(anchor);
      await new RecordStore(tx).removeUpTo(anchor.to);
      await new RecordEnvironmentStore(tx).removeUpTo(anchor.to);
      await new CheckpointStore(tx).removeUpTo(anchor.to);
      await new OpenIntentStore(tx).removeUpTo(anchor.to);
    });
  }
}

async function* pieces(
  db: Knex,
  from: number,
  to: number,
): AsyncGenerator<ExportPiece> {
  const checkpoints = ledgerWitnesses(db, from, to);
  for await (const row of readRecords(db, from, to)) {
    const { seq, prev, hash, body } = row;
    yield { place: { seq, prev, hash, content: { body } } };
    for (const witness of await checkpoints.upTo(seq)) {
      if (witness.kind === 'checkpoint') {
        yield { checkpoint: witness.checkpoint };
      }
    }
  }
}

/** The name of a new file is only sure to be there when its folder is written. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
