import { LoggerService } from '@backstage/backend-plugin-api';
import { RecordBody } from '@highroad/plugin-audit-common';
import { withinTime } from '@highroad/plugin-platform-node';
import { Knex } from 'knex';
import { IntakeRow, IntakeStore } from '../database/IntakeStore';
import { plainMessage } from '../database/plainMessage';
import { LedgerKeys } from '../keys/LedgerKeys';
import { Spool } from './Spool';
import { unlessLocked } from './unlessLocked';

const CATCH_UP_BATCH = 200;

export interface IntakeState {
  canWrite: boolean;
  /** Since when it cannot, and why */
  failing?: { since: string; error: string };
  /** Records that wait in this process for the database to take them */
  spooled: number;
}

/**
 * Takes records in: one insert each, in parallel, in no order. Where the database does not take them, they wait in the
 * spool.
 */
export class Intake {
  readonly #database: () => Promise<Knex>;
  readonly #keys: LedgerKeys;
  readonly #spool: Spool;
  readonly #now: () => Date;
  readonly #timeoutMs: number;
  readonly #logger: LoggerService;
  readonly #onWritten: () => void;
  #failing: IntakeState['failing'];

  constructor(options: {
    /** Opens the database the first time */
    database: () => Promise<Knex>;
    keys: LedgerKeys;
    spool: Spool;
    now: () => Date;
    /** How long an insert may take before the record counts as not written */
    timeoutMs: number;
    logger: LoggerService;
    onWritten: () => void;
  }) {
    this.#database = options.database;
    this.#keys = options.keys;
    this.#spool = options.spool;
    this.#now = options.now;
    this.#timeoutMs = options.timeoutMs;
    this.#logger = options.logger;
    this.#onWritten = options.onWritten;
  }

  /**
   * Writes a record, durably.
   *
   * @throws what the database says. The record may be there all the same, if only the answer was lost
   */
  async write(body: RecordBody): Promise<void> {
    await this.#insert(this.#row(body));
  }

  /**
   * Writes a record, or keeps it for later. Never throws.
   *
   * While the database is known not to take any, nobody waits for it.
   */
  async writeOrSpool(body: RecordBody): Promise<void> {
    const row = this.#row(body);
    if (!this.#failing) {
      try {
        await this.#insert(row);
        return;
      } catch {
        // Reported where it was noticed.
      }
    }
    await this.#spool.put(row);
  }

  /**
   * Brings what waits into the database. A record that got there before is not written twice.
   *
   * @returns how many were brought
   */
  async catchUp(): Promise<number> {
    if ((await this.#spool.count()) === 0 && !this.#failing) return 0;
    let brought = 0;
    try {
      for (;;) {
        const rows = await this.#spool.oldest(CATCH_UP_BATCH);
        await this.#guard(async store => {
          if (rows.length > 0) await store.addMissing(rows);
          else await store.waiting();
        });
        if (rows.length === 0) break;
        await this.#spool.remove(rows.map(({ id }) => id));
        brought += rows.length;
        this.#onWritten();
      }
    } catch {
      // Reported where it was noticed; tried again later.
    }
    if (brought > 0) {
      this.#logger.info(
        `${brought} audit records that had waited were brought into the ledger.`,
      );
    }
    return brought;
  }

  async state(): Promise<IntakeState> {
    return {
      canWrite: !this.#failing,
      ...(this.#failing && { failing: this.#failing }),
      spooled: await this.#spool.count(),
    };
  }

  #row(body: RecordBody): IntakeRow {
    const text = JSON.stringify(body);
    return {
      id: body.id,
      body: text,
      mac: this.#keys.markBody(text),
      received_at: this.#now().toISOString(),
    };
  }

  async #insert(row: IntakeRow): Promise<void> {
    await this.#guard(store => store.add(row));
    this.#onWritten();
  }

  /** Does something with the store in bounded time, and remembers whether that works. */
  async #guard(work: (store: IntakeStore) => Promise<unknown>): Promise<void> {
    try {
      await withinTime(
        this.#database().then(db =>
          unlessLocked(() => work(new IntakeStore(db)), this.#timeoutMs),
        ),
        this.#timeoutMs,
        `the ledger's database did not answer within ${this.#timeoutMs} ms`,
      );
    } catch (error) {
      if (!this.#failing) {
        this.#logger.error(
          `The audit ledger cannot write. Secret accesses and changes of production are refused until it can; records of everything else wait. ${plainMessage(
            error,
          )} See docs/runbooks/audit-cannot-record.md`,
        );
      }
      this.#failing = {
        since: this.#failing?.since ?? this.#now().toISOString(),
        error: plainMessage(error),
      };
      throw error;
    }
    if (this.#failing) this.#logger.info('The audit ledger can write again.');
    this.#failing = undefined;
  }
}
