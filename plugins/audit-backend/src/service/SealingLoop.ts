import { LoggerService } from '@backstage/backend-plugin-api';
import { ChainEnd } from '@highroad/plugin-audit-common';
import { withinTime } from '@highroad/plugin-platform-node';
import { Knex } from 'knex';
import { ChainStore } from '../database/ChainStore';
import { IntakeStore } from '../database/IntakeStore';
import { Lease, LeaseStore } from '../database/LeaseStore';
import { plainMessage } from '../database/plainMessage';
import { RejectedPlace } from '../database/RejectedStore';
import { knownKeys } from '../keys/knownKeys';
import { LedgerKeys } from '../keys/LedgerKeys';
import { Checkpoints } from './Checkpoints';
import { continues } from './continues';
import { Intake } from './Intake';
import { lastSealed } from './sealedRows';
import { Sealer } from './Sealer';
import { longWaiting } from './warnings';

const EVERY_MS = 1_000;
/** Where nothing comes, the lease is only written this often, well before it expires. */
const RENEW_MS = 4_000;
/** Whoever has not answered by then will not. The connection may be gone without anybody having been told. */
const ANSWER_MS = 60_000;
/** Reading all of a large ledger once takes long. */
const LOOK_THROUGH_MS = 3_600_000;
/** New records wait this long for others, to be sealed together. */
const GATHER_MS = 50;

/** Keeps the ledger going: brings in what waits, seals while this process has the lease, and signs where the chain is. */
export class SealingLoop {
  readonly #database: () => Promise<Knex>;
  readonly #intake: Intake;
  readonly #sealer: Sealer;
  readonly #checkpoints: Checkpoints;
  readonly #holder: string;
  readonly #keys: LedgerKeys;
  readonly #logger: LoggerService;
  readonly #onHead: (head: ChainEnd) => void;
  readonly #seen: () => ChainEnd | undefined;
  readonly #now: () => Date;
  #lease: Lease | undefined;
  #interval: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #turn: Promise<void> | undefined;
  #again = false;
  #failing = false;
  #stuck = false;
  #cut = false;
  #renewed = 0;
  #headSeq = 0;
  /** Up to where what was put aside was tried again since this process took over; nothing if all was */
  #readmitting: { after?: RejectedPlace } | undefined;

  constructor(options: {
    database: () => Promise<Knex>;
    intake: Intake;
    sealer: Sealer;
    checkpoints: Checkpoints;
    /** Name of this process */
    holder: string;
    keys: LedgerKeys;
    logger: LoggerService;
    /** Hears of each new end of the chain */
    onHead: (head: ChainEnd) => void;
    /** The furthest end that was heard of */
    seen: () => ChainEnd | undefined;
    now: () => Date;
  }) {
    this.#database = options.database;
    this.#intake = options.intake;
    this.#sealer = options.sealer;
    this.#checkpoints = options.checkpoints;
    this.#holder = options.holder;
    this.#keys = options.keys;
    this.#logger = options.logger;
    this.#onHead = options.onHead;
    this.#seen = options.seen;
    this.#now = options.now;
  }

  start(): void {
    this.#interval = setInterval(() => this.#run(), EVERY_MS);
    this.#interval.unref();
  }

  /** Something came in. */
  kick(): void {
    if (!this.#interval || this.#soon) return;
    this.#soon = setTimeout(() => {
      this.#soon = undefined;
      this.#run();
    }, GATHER_MS);
    this.#soon.unref();
  }

  /** Does everything that there is to do now; together with another call, once after it. */
  async turn(): Promise<void> {
    while (this.#turn) await this.#turn;
    this.#turn = this.#work().finally(() => {
      this.#turn = undefined;
    });
    await this.#turn;
  }

  /** Seals and signs what is there, and lets others go on. */
  async stop(): Promise<void> {
    clearInterval(this.#interval);
    clearTimeout(this.#soon);
    this.#interval = undefined;
    try {
      await this.turn();
      if (!this.#lease) return;
      const db = await this.#database();
      await answered(this.#checkpoints.make(db));
      await answered(new LeaseStore(db).release(this.#lease));
    } catch (error) {
      this.#logger.warn(
        `The audit ledger could not end in order; what is not sealed is sealed after the next start. ${plainMessage(
          error,
        )}`,
      );
    }
    this.#lease = undefined;
  }

  #run(): void {
    if (this.#turn) {
      this.#again = true;
      return;
    }
    this.turn()
      .then(() => {
        this.#failing = false;
      })
      .catch(error => {
        // Once, not each second.
        if (!this.#failing) {
          this.#logger.error(
            `Records of the audit ledger could not be sealed; it is tried again each second. ${plainMessage(
              error,
            )} See docs/runbooks/audit-not-sealed.md`,
          );
        }
        this.#failing = true;
      })
      .finally(() => {
        if (!this.#again) return;
        this.#again = false;
        this.kick();
      });
  }

  /** Somebody else seals. Where that does not get on, at least this process says so. */
  async #watchOther(db: Knex): Promise<void> {
    const last = await lastSealed(db, await this.#known(db));
    if (last) await this.#hearOf(db, { seq: last.seq, hash: last.hash });
    const waiting = await longWaiting(db, this.#now());
    if (waiting && !this.#stuck) {
      this.#logger.error(
        `${waiting.count} records of the audit ledger wait to be sealed since ${waiting.since}, though another process holds the right to seal. See docs/runbooks/audit-not-sealed.md`,
      );
    }
    this.#stuck = waiting !== undefined;
  }

  async #known(db: Knex): Promise<LedgerKeys> {
    const chain = (await new ChainStore(db).read())?.chain ?? '';
    return (await knownKeys(db, this.#keys, chain)).keys;
  }

  /** An end that does not go on from what was seen before is not taken for one, so that verifying goes on to find it. */
  async #hearOf(db: Knex, head: ChainEnd): Promise<void> {
    const seen = this.#seen();
    const isCut = seen !== undefined && !(await continues(db, seen, head));
    if (!isCut) {
      this.#onHead(head);
    } else if (!this.#cut) {
      this.#logger.error(
        `The end of the audit ledger's chain was cut off or changed: record ${seen.seq} was seen here, and the database now ends at ${head.seq}. See docs/runbooks/audit-chain-broken.md`,
      );
    }
    this.#cut = isCut;
  }

  /** The lease, after all that comes before the first seal of whoever takes it; nothing if somebody else has it. */
  async #takeOver(db: Knex): Promise<Lease | undefined> {
    const lease = await answered(this.#sealer.take(db, this.#holder));
    if (!lease) return undefined;
    await answered(this.#sealer.takeOver(db, lease));
    this.#readmitting = {};
    return lease;
  }

  /**
   * Tries a batch of what was put aside again, once after each take-over: whoever had the lease before may have had other keys.
   *
   * @returns whether something went back into the intake
   */
  async #readmit(db: Knex, lease: Lease): Promise<boolean> {
    if (!this.#readmitting) return false;
    const { after } = this.#readmitting;
    const { back, end } = await answered(
      this.#sealer.readmit(db, lease, after),
    );
    this.#readmitting = end && { after: end };
    if (back > 0) {
      this.#logger.info(
        `${back} rejected audit records are by a key that is known now, and were taken in.`,
      );
    }
    return back > 0;
  }

  async #work(): Promise<void> {
    await this.#intake.catchUp();
    const db = await this.#database();
    this.#lease ??= await this.#takeOver(db);
    if (!this.#lease) {
      await answered(this.#watchOther(db));
      return;
    }
    if (await answered(this.#sealer.renewSeals(db, this.#lease))) {
      await withinTime(
        this.#sealer.lookThrough(db),
        LOOK_THROUGH_MS,
        'the ledger was not read through in an hour',
      );
    }
    await this.#seal(db, this.#lease);
    if (this.#lease && (await this.#readmit(db, this.#lease))) {
      await this.#seal(db, this.#lease);
    }
  }

  /** Seals all that waits, and signs where the chain is if it is time for it. */
  async #seal(db: Knex, lease: Lease): Promise<void> {
    const fresh = this.#now().getTime() - this.#renewed < RENEW_MS;
    if (fresh && (await answered(new IntakeStore(db).isEmpty()))) {
      await answered(this.#checkpoints.makeIfDue(db, this.#headSeq));
      return;
    }
    for (;;) {
      const sealed = await answered(this.#sealer.sealBatch(db, lease));
      if (!sealed.held) {
        this.#lease = undefined;
        return;
      }
      this.#renewed = this.#now().getTime();
      this.#headSeq = sealed.head.seq;
      if (sealed.rejected > 0) {
        this.#logger.error(
          `${sealed.rejected} rows in the intake of the audit ledger could not be taken in, and were put aside; the table rejected_intake says why. Where the ledger did not write them, somebody may have tried to forge records. See docs/runbooks/audit-chain-broken.md`,
        );
      }
      this.#onHead(sealed.head);
      await answered(this.#checkpoints.makeIfDue(db, sealed.head.seq));
      if (sealed.taken === 0) return;
    }
  }
}

/** @throws Error where the database does not answer at all, so that it is asked again by another connection */
function answered<T>(asking: Promise<T>): Promise<T> {
  return withinTime(
    asking,
    ANSWER_MS,
    `the ledger's database did not answer within ${ANSWER_MS / 1_000} s`,
  );
}
