import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { PollingLoop } from '@highroad/plugin-platform-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { SyncItem, SyncStore } from '../database/SyncStore';
import { Syncer } from './Syncer';

/** How long a Secret is one worker's alone. Longer than one look at it may take. */
const LEASE_MS = 120_000;
const TICK_MS = 500;
const AT_ONCE = 10;
/** Somebody who set a value waits so long for another worker. */
const LOOK_TRIES = 50;
const LOOK_EVERY_MS = 100;

/** Looks at what is due, as one of as many workers as there are replicas. */
export class Reconciler {
  readonly #holder: string;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #store: SyncStore;
  readonly #syncer: Syncer;
  readonly #sweep: () => Promise<void>;
  readonly #sweepMs: number;
  readonly #loop: PollingLoop;
  #sweepAt = 0;

  /** @param options.sweep - finds what nobody asked for, done every so often */
  constructor(options: {
    holder: string;
    logger: LoggerService;
    now: () => Date;
    store: SyncStore;
    syncer: Syncer;
    sweep: () => Promise<void>;
    sweepMs: number;
  }) {
    this.#holder = options.holder;
    this.#logger = options.logger;
    this.#now = options.now;
    this.#store = options.store;
    this.#syncer = options.syncer;
    this.#sweep = options.sweep;
    this.#sweepMs = options.sweepMs;
    this.#loop = new PollingLoop({
      turn: () => this.#turn(),
      onError: error =>
        this.#logger.error(
          `What is due could not be looked for: ${stringifyError(error)}`,
        ),
      pauseMs: TICK_MS,
    });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** Looks at a service at once. What another worker is at, it waits for a little, and leaves to that one then. */
  async look(service: string, environments: string[]): Promise<void> {
    const wanted = (await this.#store.list(service)).filter(({ place }) =>
      environments.includes(place.environment),
    );
    const seen = new Set<number>();
    for (let tries = 0; tries < LOOK_TRIES; tries++) {
      const items = await this.#claim({
        ids: wanted.map(({ id }) => id).filter(id => !seen.has(id)),
      });
      for (const { id } of items) seen.add(id);
      await this.#syncAll(items);
      if (seen.size === wanted.length) return;
      await sleep(LOOK_EVERY_MS);
    }
  }

  async #turn(): Promise<void> {
    const items = await this.#claim();
    // Where there is more to look at than was taken, it is not waited for.
    if (items.length === AT_ONCE) this.#loop.wake();
    await this.#syncAll(items);
    const now = this.#now().getTime();
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + this.#sweepMs;
    await this.#sweep();
  }

  #claim(only?: { ids: number[] }): Promise<SyncItem[]> {
    const now = this.#now();
    return this.#store.claim({
      holder: this.#holder,
      now: now.toISOString(),
      until: new Date(now.getTime() + LEASE_MS).toISOString(),
      limit: AT_ONCE,
      only,
    });
  }

  async #syncAll(items: SyncItem[]): Promise<void> {
    await Promise.all(items.map(item => this.#syncer.sync(item)));
  }
}
