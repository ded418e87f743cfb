import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { PollingLoop } from '@highroad/plugin-platform-node';
import { FeedStore, Lease, LostLeaseError } from '../database/FeedStore';

/** Longer than one turn may take without holding the lease again. */
const LEASE_MS = 60_000;
const LONGEST_PAUSE_MS = 60_000;

/** Does something again and again, in one process at a time. */
export class LeasedLoop {
  readonly #name: string;
  readonly #feeds: FeedStore;
  readonly #holder: string;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #turn: (lease: Lease, signal: AbortSignal) => Promise<void>;
  readonly #loop: PollingLoop;
  #lease: Lease | undefined;
  #isAdded = false;
  #failures = 0;

  constructor(options: {
    name: string;
    feeds: FeedStore;
    holder: string;
    logger: LoggerService;
    now: () => Date;
    /** How often, where nobody wakes it */
    tickMs: number;
    turn: (lease: Lease, signal: AbortSignal) => Promise<void>;
  }) {
    this.#name = options.name;
    this.#feeds = options.feeds;
    this.#holder = options.holder;
    this.#logger = options.logger;
    this.#now = options.now;
    this.#turn = options.turn;
    this.#loop = new PollingLoop({
      turn: signal => this.#once(signal),
      onError: error => this.#complain(error),
      pauseMs: () =>
        Math.min(
          LONGEST_PAUSE_MS,
          options.tickMs * 2 ** Math.min(this.#failures, 10),
        ),
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Lets another process go on. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    if (!this.#lease) return;
    await this.#feeds.release(this.#lease).catch(error => {
      // It ends by itself.
      this.#logger.debug(
        `${this.#name} was not given back: ${stringifyError(error)}`,
      );
    });
  }

  /** There may be something to do. */
  wake(): void {
    this.#loop.wake();
  }

  /** Until when a lease holds that is held now. */
  until(): string {
    return new Date(this.#now().getTime() + LEASE_MS).toISOString();
  }

  async #once(signal: AbortSignal): Promise<void> {
    try {
      if (!this.#isAdded) await this.#feeds.add(this.#name);
      this.#isAdded = true;
      await this.#take();
      if (this.#lease) await this.#turn(this.#lease, signal);
    } catch (error) {
      if (!(error instanceof LostLeaseError)) throw error;
      this.#lease = undefined;
    }
    this.#failures = 0;
  }

  async #take(): Promise<void> {
    if (this.#lease) {
      await this.#feeds.hold(this.#lease, { lease_until: this.until() });
      return;
    }
    this.#lease = await this.#feeds.claim(this.#name, {
      holder: this.#holder,
      now: this.#now().toISOString(),
      until: this.until(),
    });
  }

  /** Once, until it goes well again. */
  #complain(error: unknown): void {
    const words = `${this.#name} could not go on: ${stringifyError(error)}`;
    if (this.#failures === 0) {
      this.#logger.warn(`${words}. It is tried again until it succeeds.`);
    } else this.#logger.debug(words);
    this.#failures += 1;
  }
}
