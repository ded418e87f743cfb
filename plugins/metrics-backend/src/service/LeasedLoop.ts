import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
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
  readonly #tickMs: number;
  readonly #turn: (lease: Lease, signal: AbortSignal) => Promise<void>;
  readonly #abort = new AbortController();
  #lease: Lease | undefined;
  #loop: Promise<void> | undefined;
  #wakeUp: () => void = () => {};
  #failures = 0;
  #woken = false;

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
    this.#tickMs = options.tickMs;
    this.#turn = options.turn;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Lets another process go on. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#wakeUp();
    await this.#loop;
  }

  /** There may be something to do. */
  wake(): void {
    this.#woken = true;
    this.#wakeUp();
  }

  /** Until when a lease holds that is held now. */
  until(): string {
    return new Date(this.#now().getTime() + LEASE_MS).toISOString();
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    await this.#tried(() => this.#feeds.add(this.#name));
    while (!signal.aborted) {
      this.#woken = false;
      await this.#tried(() => this.#once(signal));
      if (!signal.aborted && !this.#woken) await this.#pause();
    }
    const lease = this.#lease;
    if (lease) await this.#tried(() => this.#feeds.release(lease));
  }

  async #once(signal: AbortSignal): Promise<void> {
    if (this.#lease) {
      await this.#feeds.hold(this.#lease, { lease_until: this.until() });
    } else {
      this.#lease = await this.#feeds.claim(this.#name, {
        holder: this.#holder,
        now: this.#now().toISOString(),
        until: this.until(),
      });
    }
    if (this.#lease) await this.#turn(this.#lease, signal);
  }

  async #tried(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#failures = 0;
    } catch (error) {
      if (error instanceof LostLeaseError) {
        this.#lease = undefined;
        return;
      }
      if (this.#abort.signal.aborted) return;
      const words = `${this.#name} could not go on: ${stringifyError(error)}`;
      if (this.#failures === 0) {
        this.#logger.warn(`${words}. It is tried again until it succeeds.`);
      } else this.#logger.debug(words);
      this.#failures += 1;
    }
  }

  #pause(): Promise<void> {
    const ms = Math.min(
      LONGEST_PAUSE_MS,
      this.#tickMs * 2 ** Math.min(this.#failures, 10),
    );
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
