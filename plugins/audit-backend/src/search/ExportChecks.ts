import { ConflictError } from '@backstage/errors';
import {
  archiveText,
  ChainEnd,
  ChainProblem,
  ChainVerdict,
  Checkpoint,
  isSignedBy,
  problem,
  sortedWitnesses,
  verifyChain,
  WitnessSource,
} from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { ArchiveStore } from '../database/ArchiveStore';
import { ChainStore } from '../database/ChainStore';
import {
  FoundRow,
  RecordEnvironmentStore,
} from '../database/RecordEnvironmentStore';
import { RecordStore } from '../database/RecordStore';
import { KnownKeys, knownKeys } from '../keys/knownKeys';
import { LedgerKeys } from '../keys/LedgerKeys';
import { nodeCrypto } from '../keys/nodeCrypto';
import { openCheckpointFile } from '../service/checkpointFile';
import { placeOf } from '../service/ledgerPlaces';
import { checkpointWitness, together } from '../service/ledgerWitnesses';
import { archiveProblem } from './archiveProblem';

/** The export was broken off, since the ledger would have signed what it has not sealed. */
export class BrokenExportError extends ConflictError {
  constructor(found: ChainProblem) {
    super(
      `The export was broken off: the ledger does not verify. ${found.message} See docs/runbooks/audit-chain-broken.md`,
    );
  }
}

/** Checks records while they are exported, as verifying does: seal, link, and what they are searched by. */
export class ExportChecks {
  readonly #db: Knex;
  readonly #known: KnownKeys;
  readonly #chain: string;
  readonly #head: number | undefined;
  readonly #carried: WitnessSource;

  private constructor(
    db: Knex,
    known: KnownKeys,
    about: {
      chain: string;
      head: number | undefined;
      carried: WitnessSource;
    },
  ) {
    this.#db = db;
    this.#known = known;
    this.#chain = about.chain;
    this.#head = about.head;
    this.#carried = about.carried;
  }

  /**
   * @param options.file - where checkpoints were carried to
   * @param options.from - the first place that will be asked for; what follows goes on from there
   */
  static async begin(
    db: Knex,
    keys: LedgerKeys,
    options: { file?: string; from: number },
  ): Promise<ExportChecks> {
    const file = options.file && (await openCheckpointFile(options.file));
    const state = await new ChainStore(db).read();
    const chain = state?.chain ?? '';
    const known = await knownKeys(db, keys, chain);
    const forged = await archiveProblem(db, known.keys, chain, state?.head);
    if (forged) throw new BrokenExportError(forged);
    return new ExportChecks(db, known, {
      ...{ chain, head: state?.head.seq },
      carried: sortedWitnesses(file ? file.from(options.from - 1) : []),
    });
  }

  /** What a place follows: a record that is checked too, the end of a signed archive, or the beginning. */
  async placeBefore(seq: number): Promise<ChainEnd> {
    if (seq === 1) return { seq: 0, hash: this.#chain };
    const anchor = await new ArchiveStore(this.#db).last();
    if (anchor?.to === seq - 1) {
      const text = archiveText(anchor);
      const { known } = this.#known.keys;
      const signed = isSignedBy(known, anchor, text, nodeCrypto, anchor.to);
      if (signed && anchor.chain === this.#chain) {
        return { seq: anchor.to, hash: anchor.hash };
      }
      throw new BrokenExportError(
        problem(
          'checkpoint forged',
          { seq: anchor.to },
          `is said to be the last one of the archive ${anchor.file}, but the ledger has not signed that.`,
        ),
      );
    }
    const row = await new RecordStore(this.#db).at(seq - 1);
    if (!row) throw await this.#missing(seq - 1);
    const before = { seq: row.seq - 1, hash: row.prev };
    const found = await new RecordEnvironmentStore(this.#db).with([row]);
    return this.follow(before, found, row.seq, []);
  }

  /**
   * Checks that records go on from a place to another without gaps, and that signed checkpoints agree.
   *
   * @returns the other place
   */
  async follow(
    start: ChainEnd,
    rows: FoundRow[],
    to: number,
    checkpoints: Checkpoint[],
  ): Promise<ChainEnd> {
    const places = rows.map(row => placeOf(row, this.#known));
    const witnesses = checkpoints.map(one =>
      checkpointWitness(one, 'the database'),
    );
    const verdict: ChainVerdict = await verifyChain(places, {
      ...{ chain: this.#chain, start, partial: true },
      ...{ keys: this.#known.keys.known, crypto: nodeCrypto },
      witnesses: together([sortedWitnesses(witnesses), this.#carried]),
      sealedUpTo: this.#head,
    });
    const { head } = verdict;
    if (verdict.ok && head.seq === to) return head;
    const gone = rows.every(({ seq }) => seq !== head.seq + 1);
    // Behind the end nothing is missing; what stands there was put there.
    const isMissing = gone && head.seq < (this.#head ?? to);
    if (verdict.ok || isMissing) throw await this.#missing(head.seq + 1);
    throw new BrokenExportError(verdict.problem);
  }

  /** Somebody removed it, or it was archived since the export began. */
  async #missing(seq: number): Promise<Error> {
    const anchor = await new ArchiveStore(this.#db).last();
    if (anchor && anchor.to >= seq) {
      return new ConflictError(
        `The export was broken off: records up to ${anchor.to} were archived meanwhile. Export again.`,
      );
    }
    return new BrokenExportError(problem('removed', { seq }, 'was removed.'));
  }
}
