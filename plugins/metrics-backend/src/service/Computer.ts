import { chunksOf } from '@highroad/plugin-platform-common';
import { Knex } from 'knex';
import { BeforeStore } from '../database/BeforeStore';
import { DirtyDays } from '../database/DirtyDays';
import { FactStore } from '../database/FactStore';
import { FeedStore, Lease } from '../database/FeedStore';
import { LedgerStore, markDirty } from '../database/LedgerStore';
import { StateStore } from '../database/StateStore';
import { WorkStore } from '../database/WorkStore';
import { computeFacts } from '../facts/computeFacts';
import { FactSettings } from '../facts/Facts';
import { Continued } from '../facts/goOn/Continuation';
import { goOn } from '../facts/goOn/goOn';
import { LedgerEvent } from '../facts/ServiceEvents';
import { RollupStore } from '../rollups/RollupStore';

/** Name of the lease of whoever computes facts. Its cursor counts how often something was computed. */
export const FACTS = 'facts';
/** Together they cost the database little more than one; all that was told of them is in memory meanwhile. */
const AT_ONCE = 20;
/** After so many services that were computed anew days are rolled up, so that these don't wait for all that there is to do. */
const SERVICES = 200;
/** How much of what was told is gone on with at once. Days are rolled up after it. */
const EVENTS = 4_000;
const DAYS = 60;
const DAYS_AT_ONCE = 10;

/** Brings facts of services, and what days have of them together, up to date with the ledger. */
export class Computer {
  readonly #before = new BeforeStore();
  readonly #db: Knex;
  readonly #facts: FactStore;
  readonly #feeds: FeedStore;
  readonly #ledger: LedgerStore;
  readonly #rollups = new RollupStore();
  readonly #states = new StateStore();
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

  /**
   * Goes on with services of which something was told. Those with which that is not possible are marked, to be computed anew.
   *
   * @returns how many services these were, and how many events
   */
  async #goOn(held: Held): Promise<{ services: number; events: number }> {
    const count = { services: 0, events: 0 };
    if (!(await this.#ledger.hasFresh())) return count;
    await held(async transaction => {
      const fresh = await this.#ledger.fresh(EVENTS, transaction);
      const told = new Map<string, LedgerEvent[]>();
      for (const { event } of fresh) {
        const { service } = event.data;
        const events = told.get(service);
        if (events) events.push(event);
        else told.set(service, [event]);
      }
      count.services = told.size;
      count.events = fresh.length;
      const states = await this.#states.get([...told.keys()], transaction);
      const services = [...states].map(([service, state]) => ({
        ...{ service, state, events: told.get(service) ?? [] },
      }));
      const before = await this.#before.of(
        services,
        new Set(fresh.map(one => String(one.seq))),
        transaction,
      );
      const continued = new Map<string, Continued>();
      for (const { service, state, events } of services) {
        const one = goOn(
          service,
          state,
          events,
          before(service),
          this.#settings,
        );
        if (one) continued.set(service, one);
      }
      await this.#facts.extend(continued, transaction);
      await markDirty(
        transaction,
        [...told.keys()].filter(one => !continued.has(one)),
        { since: fresh[0]?.receivedAt },
      );
      await this.#ledger.followed(
        fresh.map(one => one.seq),
        transaction,
      );
    });
    return count;
  }

  async #services(held: Held, signal: AbortSignal): Promise<number> {
    const done = { services: 0, anew: 0, events: 0 };
    while (!signal.aborted && done.anew < SERVICES && done.events < EVENTS) {
      const continued = await this.#goOn(held);
      const dirty = await this.#work.next(AT_ONCE);
      done.services += continued.services + dirty.length;
      done.anew += dirty.length;
      done.events += continued.events;
      if (dirty.length === 0) {
        if (continued.events === 0) break;
        continue;
      }
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
    }
    return done.services;
  }

  async #days(held: Held, signal: AbortSignal): Promise<number> {
    const places = await new DirtyDays(this.#db).next(DAYS);
    for (const part of chunksOf(places, DAYS_AT_ONCE)) {
      if (signal.aborted) break;
      await held(async transaction => {
        // First, so that what is marked meanwhile stays marked.
        await new DirtyDays(transaction).done(part);
        await this.#rollups.roll(part, transaction);
      });
    }
    return places.length;
  }
}

/** Does something in a transaction in which the lease is held. */
type Held = (
  work: (transaction: Knex.Transaction) => Promise<void>,
) => Promise<void>;
