import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 60_000;
/** What is slow to come goes well at the second time; this often in a row, somebody wants to know. */
const TOLD_AFTER = 3;
/** Timers of Node count no further than this; what is due later is looked at on the way. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Keys that something is to be done about, each by one at a time. A key that is added while it is worked on is worked
 * on once more; one that fails waits longer each time.
 */
export class WorkQueue {
  readonly #work: (key: string, signal: AbortSignal) => Promise<void>;
  readonly #onFailing: (key: string, error: unknown) => Promise<void>;
  readonly #logger: LoggerService;
  readonly #concurrency: number;
  readonly #jitter: () => number;
  readonly #now: () => number;
  readonly #waiting = new Set<string>();
  readonly #working = new Set<string>();
  readonly #again = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, { due: number; timer: NodeJS.Timeout }>();
  #ended = new AbortController();
  #started = false;
  readonly #running = new Set<Promise<void>>();

  /**
   * @param options.onFailing - told of a key that failed several times in a row, again now and then while it does
   * @param options.concurrency - how many keys at a time
   * @param options.jitter - from 0 to 1, at random
   * @param options.now - milliseconds
   */
  constructor(options: {
    work: (key: string, signal: AbortSignal) => Promise<void>;
    onFailing: (key: string, error: unknown) => Promise<void>;
    logger: LoggerService;
    concurrency: number;
    jitter: () => number;
    now: () => number;
  }) {
    this.#work = options.work;
    this.#onFailing = options.onFailing;
    this.#logger = options.logger;
    this.#concurrency = options.concurrency;
    this.#jitter = options.jitter;
    this.#now = options.now;
  }

  add(key: string): void {
    if (!this.#started) return;
    if (this.#working.has(key)) {
      this.#again.add(key);
      return;
    }
    this.#waiting.add(key);
    this.#next();
  }

  /** Adds it after a time; if it is to be added sooner already, that stays. */
  addAfter(key: string, ms: number): void {
    if (!this.#started) return;
    const due = this.#now() + Math.max(0, ms);
    const there = this.#timers.get(key);
    if (there) {
      if (there.due <= due) return;
      clearTimeout(there.timer);
    }
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.add(key);
    }, Math.min(Math.max(0, ms), LONGEST_TIMER_MS));
    this.#timers.set(key, { due, timer });
  }

  start(): void {
    this.#ended = new AbortController();
    this.#started = true;
  }

  /** Takes nothing up any more, and waits for what is worked on. */
  async stop(): Promise<void> {
    this.#started = false;
    this.#ended.abort();
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#waiting.clear();
    this.#again.clear();
    await Promise.all(this.#running);
    this.#failures.clear();
  }

  #next(): void {
    for (const key of this.#waiting) {
      if (this.#working.size >= this.#concurrency) return;
      this.#waiting.delete(key);
      this.#working.add(key);
      const running = this.#run(key).finally(() => {
        this.#running.delete(running);
        this.#working.delete(key);
        if (this.#again.delete(key)) this.add(key);
        this.#next();
      });
      this.#running.add(running);
    }
  }

  async #run(key: string): Promise<void> {
    try {
      await this.#work(key, this.#ended.signal);
      this.#failures.delete(key);
    } catch (error) {
      if (this.#ended.signal.aborted) return;
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      const pause = Math.min(
        FIRST_PAUSE_MS * 2 ** (failures - 1),
        LONGEST_PAUSE_MS,
      );
      if (failures === 1 || failures % 5 === 0) {
        this.#logger.warn(
          `Environment ${key} could not be worked on (${failures} times in a row): ${stringifyError(
            error,
          )}`,
        );
      }
      this.addAfter(key, pause * (0.5 + this.#jitter() / 2));
      if (failures === TOLD_AFTER || failures % 5 === 0) {
        await this.#onFailing(key, error).catch(untold =>
          this.#logger.warn(
            `Why environment ${key} could not be worked on can't be told in its status: ${stringifyError(
              untold,
            )}`,
          ),
        );
      }
    }
  }
}
