import { randomUUID } from 'node:crypto';
import { backoff } from '../runtime/backoff.ts';
import type { Job, JobQueue } from './queue.ts';

/** Makes one job each time the worker looks for one; after a failure, it lets some time pass. */
export class Ticker implements JobQueue {
  readonly checks = {};
  readonly #now: () => number;
  #handedOut = false;
  #failures = 0;
  #notBefore = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  async prepare(): Promise<void> {}

  async claim(): Promise<Job | undefined> {
    // Nothing after each job makes the worker wait for its poll interval.
    const rest = this.#handedOut;
    this.#handedOut = false;
    if (rest || this.#now() < this.#notBefore) return undefined;
    this.#handedOut = true;
    return {
      id: randomUUID(),
      kind: 'example',
      payload: { message: 'tick' },
      attempt: this.#failures + 1,
    };
  }

  async succeeded(): Promise<void> {
    this.#failures = 0;
  }

  async failed(): Promise<'failed'> {
    this.#failures += 1;
    this.#notBefore = this.#now() + backoff(this.#failures, { first: 1000, most: 60_000 });
    return 'failed';
  }

  async close(): Promise<void> {}
}
