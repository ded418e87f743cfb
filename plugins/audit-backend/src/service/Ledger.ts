import { DatabaseService, LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { v7 as uuidv7 } from 'uuid';
import { prepareDatabase } from '../database/openLedgerDatabase';
import { LedgerSettings } from '../LedgerSettings';
import { Checkpoints } from './Checkpoints';
import { fileSink, logSink } from './checkpointSinks';
import { HeadWatch } from './HeadWatch';
import { Intake } from './Intake';
import { Retention } from './Retention';
import { Sealer } from './Sealer';
import { SealingLoop } from './SealingLoop';
import { Spool } from './Spool';
import { Verifier } from './Verifier';

/** The ledger of this process, which all auditors write to. Other processes may work on the same one. */
export class Ledger {
  readonly #database: DatabaseService;
  #opening: Promise<Knex> | undefined;
  #closed = false;
  /** Name of this process */
  readonly #holder = `${hostname()}/${process.pid}/${randomBytes(4).toString(
    'hex',
  )}`;
  readonly settings: LedgerSettings;
  readonly intake: Intake;
  readonly checkpoints: Checkpoints;
  readonly head = new HeadWatch();
  readonly loop: SealingLoop;
  readonly verifier: Verifier;
  readonly now: () => Date;

  constructor(options: {
    settings: LedgerSettings;
    database: DatabaseService;
    logger: LoggerService;
    now?: () => Date;
  }) {
    const { settings, logger, now = () => new Date() } = options;
    const { keys } = settings;
    this.settings = settings;
    this.now = now;
    this.#database = options.database;
    const database = () => this.database();
    this.intake = new Intake({
      ...{ database, keys, now, logger },
      spool: new Spool({ directory: settings.spoolDirectory, logger }),
      timeoutMs: settings.intakeTimeoutMs,
      onWritten: () => this.loop.kick(),
    });
    const { everyMs, everyRecords, file, log } = settings.checkpoints;
    this.checkpoints = new Checkpoints({
      ...{ keys, now, logger },
      sinks: [
        ...(file ? [fileSink(file)] : []),
        ...(log ? [logSink(logger)] : []),
      ],
      every: { ms: everyMs, records: everyRecords },
    });
    this.loop = new SealingLoop({
      ...{ database, keys, logger, now },
      intake: this.intake,
      sealer: new Sealer({
        ...{ keys, now, logger },
        newId: () => uuidv7(),
        newChain: () => randomBytes(32).toString('hex'),
        seen: () => this.head.head,
      }),
      checkpoints: this.checkpoints,
      holder: this.#holder,
      onHead: head => this.head.advance(head),
      seen: () => this.head.head,
    });
    this.verifier = new Verifier({
      keys,
      checkpointFile: file,
      checkpointsEveryMs: everyMs,
      seen: () => this.head.head,
      intake: () => this.intake.state(),
      now,
    });
  }

  /**
   * The database, with its tables. It is opened the first time that it is needed, and tried again after it failed, since
   * auditors may be used before anything else has started.
   */
  async database(): Promise<Knex> {
    if (this.#closed) throw new Error('the ledger was closed');
    this.#opening ??= prepareDatabase(this.#database).catch(error => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** What archives old records, if that is wanted. */
  retention(logger: LoggerService): Retention | undefined {
    const { retention, keys } = this.settings;
    return (
      retention &&
      new Retention({
        ...{ ...retention, keys, logger, now: this.now },
        ...{ holder: this.#holder, verifier: this.verifier },
      })
    );
  }

  start(): void {
    this.loop.start();
  }

  /** Seals and signs what is there, and closes the database. What comes after that waits in the spool. */
  async stop(): Promise<void> {
    await this.loop.stop();
    this.#closed = true;
    const db = await this.#opening?.catch(() => undefined);
    await db?.destroy();
  }
}
