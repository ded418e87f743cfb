import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { PollingLoop } from '@highroad/plugin-platform-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { SyncItem, SyncStore } from '../database/SyncStore';
import { withHeartbeat } from './heartbeat';
import { Syncer } from './Syncer';

/** So long after a worker is gone, others take what was its alone. While it works it says so three times as often. */
const LEASE_MS = 15_000;
const TICK_MS = 500;
/** How many are taken at once, and how many of one cluster may be under way when more of it are taken. */
const AT_ONCE = 5;
/** Somebody who set a value waits so long for another worker. */
const LOOK_TRIES = 50;
const LOOK_EVERY_MS = 100;

/**
 * Looks at what is due, as one of as many workers as there are replicas. Nothing waits for what is slow: each cluster has
 * places of its own, of which one that hangs uses up no others', and each sweep has turns of its own.
 */
export class Reconciler {
  readonly #holder: string;
  readonly #leaseMs: number;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #store: SyncStore;
  readonly #syncer: Pick<Syncer, 'sync'>;
  readonly #sweeps: Array<() => Promise<void>>;
  readonly #sweepMs: number;
  readonly #loop: PollingLoop;
  readonly #underWay = new Map<Promise<void>, string>();
  #sweeping: PollingLoop[] = [];

  /**
   * @param options.leaseMs - how long others leave to a worker what it took and says no more of; 15 seconds, if left out
   * @param options.sweeps - find what nobody asked for, each done every so often; as they are when it starts
   */
  constructor(options: {
    holder: string;
    leaseMs?: number;
    logger: LoggerService;
    now: () => Date;
    store: SyncStore;
    syncer: Pick<Syncer, 'sync'>;
    sweeps: Array<() => Promise<void>>;
    sweepMs: number;
  }) {
    this.#holder = options.holder;
    this.#leaseMs = options.leaseMs ?? LEASE_MS;
    this.#logger = options.logger;
    this.#now = options.now;
    this.#store = options.store;
    this.#syncer = options.syncer;
    this.#sweeps = options.sweeps;
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
    this.#sweeping = this.#sweeps.map(
      sweep =>
        new PollingLoop({
          turn: sweep,
          onError: error =>
            this.#logger.error(`Not looked after: ${stringifyError(error)}`),
          pauseMs: this.#sweepMs,
        }),
    );
    for (const loop of this.#sweeping) loop.start();
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    await Promise.all([this.#loop, ...this.#sweeping].map(one => one.stop()));
    await Promise.all(this.#underWay.keys());
  }

  /** Looks at a service at once. What another worker is at, it waits for a little, and leaves to that one then. */
  async look(service: string, environments: string[]): Promise<void> {
    const wanted = (await this.#store.list(service)).filter(
      ({ place, memory }) =>
        environments.includes(place.environment) && memory.state !== 'left',
    );
    const seen = new Set<number>();
    for (let tries = 0; tries < LOOK_TRIES; tries++) {
      const items = await this.#claim({
        ids: wanted.map(({ id }) => id).filter(id => !seen.has(id)),
      });
      for (const { id } of items) seen.add(id);
      await Promise.all(items.map(item => this.#sync(item)));
      if (seen.size === wanted.length) return;
      await sleep(LOOK_EVERY_MS);
    }
  }

  async #turn(): Promise<void> {
    const items = await this.#claim({ exceptClusters: this.#full() });
    for (const item of items) this.#begin(item);
    // Where there is more to look at than was taken, it is not waited for.
    if (items.length === AT_ONCE) this.#loop.wake();
  }

  /** Clusters of which so much is under way that no more is taken. */
  #full(): string[] {
    const count = new Map<string, number>();
    for (const cluster of this.#underWay.values()) {
      count.set(cluster, (count.get(cluster) ?? 0) + 1);
    }
    return [...count].flatMap(([cluster, n]) => (n > AT_ONCE ? [cluster] : []));
  }

  #begin(item: SyncItem): void {
    const { cluster, environment, service } = item.place;
    const look = this.#sync(item)
      .catch(error =>
        this.#logger.error(
          `${service} in ${environment} could not be looked at: ${stringifyError(
            error,
          )}`,
        ),
      )
      .finally(() => {
        const wasFull = this.#full().includes(cluster);
        this.#underWay.delete(look);
        if (wasFull && !this.#full().includes(cluster)) this.#loop.wake();
      });
    this.#underWay.set(look, cluster);
  }

  #sync(item: SyncItem): Promise<void> {
    return withHeartbeat(
      {
        everyMs: this.#leaseMs / 3,
        beat: () => this.#store.extend(item, this.#until()),
        onError: error =>
          this.#logger.warn(
            `${item.place.service} in ${
              item.place.environment
            } is looked at, which could not be said: ${stringifyError(error)}`,
          ),
      },
      () => this.#syncer.sync(item),
    );
  }

  #until(): string {
    return new Date(this.#now().getTime() + this.#leaseMs).toISOString();
  }

  #claim(
    which: { ids: number[] } | { exceptClusters: string[] },
  ): Promise<SyncItem[]> {
    return this.#store.claim({
      holder: this.#holder,
      now: this.#now().toISOString(),
      until: this.#until(),
      limit: 'ids' in which ? which.ids.length : AT_ONCE,
      which,
    });
  }
}
