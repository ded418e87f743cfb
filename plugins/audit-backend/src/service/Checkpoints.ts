import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { Checkpoint, checkpointText } from '@highroad/plugin-audit-common';
import { withinTime } from '@highroad/plugin-platform-node';
import { Knex } from 'knex';
import { ChainStore } from '../database/ChainStore';
import { CheckpointStore } from '../database/CheckpointStore';
import { knownKeys } from '../keys/knownKeys';
import { LedgerKeys } from '../keys/LedgerKeys';
import { lastSignedCheckpoint } from '../keys/signedCheckpoints';

/** Sealing waits no longer for a place that checkpoints are carried to. */
const SINK_MS = 5_000;

/** A place outside the ledger's database where checkpoints are kept. */
export interface CheckpointSink {
  /** For messages, such as "the file /var/audit/checkpoints.jsonl" */
  name: string;
  write(checkpoint: Checkpoint): Promise<void>;
}

/** Signs where the chain is, and carries that out of the database: what is changed later no longer fits. */
export class Checkpoints {
  readonly #keys: LedgerKeys;
  readonly #sinks: CheckpointSink[];
  readonly #now: () => Date;
  readonly #every: { ms: number; records: number };
  readonly #logger: LoggerService;
  /** What each place does not have yet, in order */
  readonly #waiting = new Map<CheckpointSink, Checkpoint[]>();
  /** Those that are being written to, also where nobody waits for it any more */
  readonly #carrying = new Set<CheckpointSink>();
  #last: { seq: number; time: number } | undefined;

  constructor(options: {
    keys: LedgerKeys;
    sinks: CheckpointSink[];
    now: () => Date;
    /** How long, and for how many records, there may be none */
    every: { ms: number; records: number };
    logger: LoggerService;
  }) {
    this.#keys = options.keys;
    this.#sinks = [...options.sinks];
    this.#now = options.now;
    this.#every = options.every;
    this.#logger = options.logger;
  }

  addSink(sink: CheckpointSink): void {
    this.#sinks.push(sink);
  }

  /** Makes one if it is time for it and something is new. To be called by the one who seals. */
  async makeIfDue(db: Knex, headSeq: number): Promise<Checkpoint | undefined> {
    const { seq, time } = (this.#last ??= await this.#lastIn(
      db,
      (await new ChainStore(db).read())?.chain ?? '',
    ));
    if (headSeq <= seq) return undefined;
    const due =
      headSeq - seq >= this.#every.records ||
      this.#now().getTime() - time >= this.#every.ms;
    return due ? this.make(db) : undefined;
  }

  /** Makes one, if something is new. */
  async make(db: Knex): Promise<Checkpoint | undefined> {
    const state = await new ChainStore(db).read();
    if (!state) return undefined;
    const last = await this.#lastIn(db, state.chain);
    if (state.head.seq <= last.seq) return undefined;
    const now = this.#now();
    const content = {
      ...{ chain: state.chain, ...state.head, at: now.toISOString() },
    };
    const checkpoint = {
      ...content,
      ...this.#keys.sign(checkpointText(content)),
    };
    await new CheckpointStore(db).add(checkpoint);
    this.#last = { seq: checkpoint.seq, time: now.getTime() };
    await Promise.all(this.#sinks.map(sink => this.#carry(sink, checkpoint)));
    return checkpoint;
  }

  async #lastIn(
    db: Knex,
    chain: string,
  ): Promise<{ seq: number; time: number }> {
    const { keys } = await knownKeys(db, this.#keys, chain);
    const last = await lastSignedCheckpoint(db, { keys: keys.known, chain });
    return last
      ? { seq: last.seq, time: Date.parse(last.at) }
      : { seq: 0, time: 0 };
  }

  /** One place that fails or hangs keeps nothing from going on, and gets it with the next, or when it answers again. */
  async #carry(sink: CheckpointSink, checkpoint: Checkpoint): Promise<void> {
    const waiting = this.#waiting.get(sink) ?? [];
    this.#waiting.set(sink, waiting);
    waiting.push(checkpoint);
    try {
      if (this.#carrying.has(sink)) {
        throw new Error('It has not answered since the one before.');
      }
      const carried = this.#carryAll(sink, waiting);
      await withinTime(
        carried,
        SINK_MS,
        `It did not answer within ${SINK_MS / 1_000} s.`,
      );
    } catch (error) {
      this.#logger.error(
        `The audit checkpoint of record ${
          checkpoint.seq
        } could not be written to ${sink.name}. ${stringifyError(
          error,
        )} See docs/runbooks/audit-checkpoints-not-exported.md`,
      );
    }
  }

  /** One at a time, or they would come in another order. */
  async #carryAll(sink: CheckpointSink, waiting: Checkpoint[]): Promise<void> {
    this.#carrying.add(sink);
    try {
      while (waiting.length > 0) {
        await sink.write(waiting[0]);
        waiting.shift();
      }
    } finally {
      this.#carrying.delete(sink);
    }
  }
}
