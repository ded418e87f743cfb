import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { PollingLoop } from '@highroad/plugin-platform-node';
import {
  DelayedError,
  RefusedError,
} from '@highroad/plugin-platform-node/slack';
import {
  Delivery,
  DeliveryLease,
  DeliveryStore,
  HeldTarget,
  LONGEST_PEACE_MS,
  LostDeliveryLeaseError,
} from '../../database/DeliveryStore';
import { MISSED_MS, RENEW_MS } from '../../database/lease';
import { ReadStore } from '../../database/ReadStore';
import { Unmoved } from '../Unmoved';
import { Target } from './Target';

/** Longer than a delivery may take. Nobody who lives does not renew it for so long, whatever the clocks say. */
const LEASE_MS = 60_000;
/** How often it is looked for something to tell, where nobody says so. */
const TICK_MS = 1_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 300_000;
/** After this, nobody wants to know any more. */
const GIVE_UP_MS = 7 * 24 * 3_600_000;

/**
 * Tells one target of deployments: one process at a time, in the order of the outbox, with its own cursor. No deployment waits for it, and
 * nothing is lost while the target is away.
 */
export class Deliverer {
  readonly #holder: string;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #random: () => number;
  readonly #reader: ReadStore;
  readonly #store: DeliveryStore;
  readonly #target: Target;
  readonly #unmoved: Unmoved;
  readonly #loop: PollingLoop;
  #lease: DeliveryLease | undefined;
  #complained = false;

  constructor(options: {
    /** Milliseconds by a clock that nobody sets; that of the process if left out */
    elapsed?: () => number;
    holder: string;
    logger: LoggerService;
    now: () => Date;
    /** From 0 to 1 */
    random: () => number;
    reader: ReadStore;
    store: DeliveryStore;
    target: Target;
  }) {
    this.#holder = options.holder;
    this.#logger = options.logger;
    this.#now = options.now;
    this.#random = options.random;
    this.#reader = options.reader;
    this.#store = options.store;
    this.#target = options.target;
    this.#unmoved = new Unmoved(options.elapsed ?? (() => performance.now()));
    this.#loop = new PollingLoop({
      turn: () => this.#turn(),
      onError: error =>
        this.#logger.error(
          `${
            this.#target.name
          } could not be told what happens: ${stringifyError(error)}`,
        ),
      pauseMs: TICK_MS,
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Lets another process go on. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    if (this.#lease) await this.#store.release(this.#lease);
  }

  /** Something may have happened. */
  wake(): void {
    this.#loop.wake();
  }

  async #turn(): Promise<void> {
    try {
      await this.#tell();
    } catch (error) {
      if (!(error instanceof LostDeliveryLeaseError)) throw error;
      this.#lease = undefined;
    }
  }

  async #tell(): Promise<void> {
    const { name } = this.#target;
    if (this.#lease) {
      await this.#store.renew(this.#lease, this.#in(LEASE_MS));
    } else {
      this.#lease = await this.#store.claim(name, {
        holder: this.#holder,
        now: this.#in(0),
        until: this.#in(LEASE_MS),
        isOver: held => this.#isOver(held),
      });
    }
    const lease = this.#lease;
    if (!lease) return;
    while ((await this.#store.take(lease, this.#in(0))) > 0) {
      // There may be more than are taken at once.
    }
    for (const delivery of await this.#store.due(lease, this.#in(0))) {
      if (this.#loop.signal.aborted) return;
      await this.#store.renew(lease, this.#in(LEASE_MS));
      const goesOn = await this.#renewing(lease, () =>
        this.#deliver(lease, delivery),
      );
      if (!goesOn) return;
    }
  }

  /** Whether its holder is dead: it does not renew any more, whatever the clock was by which it was to end. */
  #isOver({ target, until, mark }: HeldTarget): boolean {
    const unmovedMs = this.#unmoved.ms(target, mark);
    const isOverByClock = until <= this.#in(0);
    return unmovedMs >= (isOverByClock ? MISSED_MS : LEASE_MS);
  }

  /** Others see by it that this one lives, however long the target takes to answer. */
  async #renewing<T>(lease: DeliveryLease, work: () => Promise<T>): Promise<T> {
    const renewing = setInterval(() => {
      this.#store.renew(lease, this.#in(LEASE_MS)).catch(error => {
        // The next write says so too where it was lost.
        this.#logger.debug(
          `The lease of ${this.#target.name} could not be renewed: ${error}`,
        );
      });
    }, RENEW_MS);
    try {
      return await work();
    } finally {
      clearInterval(renewing);
    }
  }

  /** @returns whether there is sense in telling it something else now */
  async #deliver(lease: DeliveryLease, delivery: Delivery): Promise<boolean> {
    const deployment = await this.#reader.get(delivery.deployment);
    if (!deployment) {
      await this.#store.giveUp(lease, delivery);
      return true;
    }
    let { attempted } = delivery;
    try {
      const place = await this.#target.tell({
        ...{ deployment, attempted },
        place: delivery.place,
        attempting: async () => {
          await this.#store.attempting(lease, delivery, this.#in(LEASE_MS));
          attempted = true;
        },
        signal: this.#loop.signal,
      });
      await this.#store.delivered(lease, delivery, place);
      this.#complained = false;
      return true;
    } catch (error) {
      if (error instanceof LostDeliveryLeaseError) throw error;
      if (this.#loop.signal.aborted) return false;
      return this.#failed(lease, delivery, { error, attempted });
    }
  }

  async #failed(
    lease: DeliveryLease,
    delivery: Delivery,
    came: { error: unknown; attempted: boolean },
  ): Promise<boolean> {
    const { error } = came;
    const { name } = this.#target;
    const told = `${name} could not be told of deployment ${
      delivery.deployment
    }: ${stringifyError(error)}`;
    const age = this.#now().getTime() - Date.parse(delivery.since);
    if (age > GIVE_UP_MS) {
      this.#logger.error(`${told}. It is not tried any more, after a week.`);
      await this.#store.giveUp(lease, delivery);
      return true;
    }
    if (this.#complained) this.#logger.debug(told);
    else this.#logger.warn(`${told}. It is tried again until it succeeds.`);
    this.#complained = true;
    const delay =
      error instanceof DelayedError
        ? Math.min(error.afterMs, LONGEST_PEACE_MS)
        : undefined;
    const pause = Math.min(
      LONGEST_PAUSE_MS,
      FIRST_PAUSE_MS * 2 ** Math.min(delivery.tries, 20),
    );
    await this.#store.postpone(lease, delivery, {
      dueAt: this.#in(delay ?? pause * (0.75 + this.#random() / 2)),
      // What was refused did not arrive, unless an earlier one did.
      attempted:
        error instanceof RefusedError ? delivery.attempted : came.attempted,
      pause: delay !== undefined,
    });
    // Whoever does not answer is not asked for each of many deployments.
    return error instanceof RefusedError && delay === undefined;
  }

  #in(ms: number): string {
    return new Date(this.#now().getTime() + ms).toISOString();
  }
}
