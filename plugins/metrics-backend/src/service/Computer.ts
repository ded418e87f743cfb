import { Knex } from 'knex';
import { DirtyDays } from '../database/DirtyDays';
import { FactStore } from '../database/FactStore';
import { FeedStore, Lease } from '../database/FeedStore';
import { LedgerStore } from '../database/LedgerStore';
import { WorkStore } from '../database/WorkStore';
import { computeFacts } from '../facts/computeFacts';
import { FactSettings } from '../facts/Facts';
import { RollupStore } from '../rollups/RollupStore';

/** Name of the lease of whoever computes facts. Its cursor counts how often something was computed. */
export const FACTS = 'facts';
/** Together they cost the database little more than one; all that was told of them is in memory meanwhile. */
const AT_ONCE = 20;
/** After so many services days are rolled up, so that these don't wait for all that there is to do. */
const SERVICES = 200;
const DAYS = 20;

/** Brings facts of services, and what days have of them together, up to date with the ledger. */
export class Computer {
  readonly #db: Knex;
  readonly #facts: FactStore;
  readonly #feeds: FeedStore;
  readonly #ledger: LedgerStore;
  readonly #rollups = new RollupStore();
  readonly #work: WorkStore;
  readonly #settings: FactSettings;

  constructor(options: {
    db: Knex;
    facts: FactStore;
    feeds: FeedStore;
    ledger: LedgerStore;
    work: WorkStore;
    settings: FactSettings;
  }) {
    this.#db = options.db;
    this.#facts = options.facts;
    this.#feeds = options.feeds;
    this.#ledger = options.ledger;
    this.#work = options.work;
    this.#settings = options.settings;
  }

  /**
   * Computes what there is to compute.
   *
   * @param lease - which is made sure of with each write; its new end is given by `until`
   * @returns how many services it was
   * @throws LostLeaseError
   */
  async run(
    lease: Lease,
    until: () => string,
    signal: AbortSignal,
  ): Promise<number> {
    const held = (work: (transaction: Knex.Transaction) => Promise<void>) =>
      this.#db.transaction(async transaction => {
        await this.#feeds.hold(
          lease,
          { lease_until: until(), cursor: this.#db.raw('?? + 1', ['cursor']) },
          transaction,
        );
        await work(transaction);
      });
    let all = 0;
    for (;;) {
      const services = await this.#services(held, signal);
      const days = await this.#days(held, signal);
      all += services;
      if (signal.aborted || services + days === 0) return all;
    }
  }

  async #services(held: Held, signal: AbortSignal): Promise<number> {
    let done = 0;
    while (!signal.aborted && done < SERVICES) {
      const dirty = await this.#work.next(AT_ONCE);
      if (dirty.length === 0) break;
      await held(async transaction => {
        const told = await this.#ledger.read(
          dirty.map(one => one.service),
          transaction,
        );
        const facts = new Map(
          [...told].map(([service, events]) => [
            service,
            computeFacts(service, events, this.#settings),
          ]),
        );
        await this.#facts.put(facts, transaction);
        await this.#work.done(dirty, transaction);
      });
      done += dirty.length;
    }
    return done;
  }

  async #days(held: Held, signal: AbortSignal): Promise<number> {
    const places = await new DirtyDays(this.#db).next(DAYS);
    for (const place of places) {
      if (signal.aborted) break;
      await held(async transaction => {
        // First, so that what is marked meanwhile stays marked.
        await new DirtyDays(transaction).done(place);
        await this.#rollups.roll(place, transaction);
      });
    }
    return places.length;
  }
}

/** Does something in a transaction in which the lease is held. */
type Held = (
  work: (transaction: Knex.Transaction) => Promise<void>,
) => Promise<void>;
