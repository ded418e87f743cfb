import { stringifyError } from '@backstage/errors';
import { chunksOf } from '@highroad/plugin-platform-common';
import { Knex } from 'knex';
import { BeforeStore } from '../database/BeforeStore';
import { DirtyDays } from '../database/DirtyDays';
import { FactStore } from '../database/FactStore';
import { FeedStore, Lease, LostLeaseError } from '../database/FeedStore';
import { LedgerStore, markDirty } from '../database/LedgerStore';
import { StateStore } from '../database/StateStore';
import { DirtyService, WorkStore } from '../database/WorkStore';
import { computeFacts } from '../facts/computeFacts';
import { FactSettings } from '../facts/Facts';
import { Continued } from '../facts/goOn/Continuation';
import { goOn } from '../facts/goOn/goOn';
import { RULES } from '../facts/rules';
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
const MOST_WORDS = 500;

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
  readonly #now: () => Date;
  readonly #onProblem: (message: string) => void;
  readonly #onChanged: () => void;
  /** Of the lease under which it was looked whether facts follow rules of before */
  #looked: number | undefined;

  constructor(options: {
    db: Knex;
    facts: FactStore;
    feeds: FeedStore;
    ledger: LedgerStore;
    work: WorkStore;
    settings: FactSettings;
    now: () => Date;
    /** Told of what could not be computed, and why */
    onProblem: (message: string) => void;
    /** Told when numbers are others than before, of much that is computed at once again and again */
    onChanged?: () => void;
  }) {
    this.#db = options.db;
    this.#facts = options.facts;
    this.#feeds = options.feeds;
    this.#ledger = options.ledger;
    this.#work = options.work;
    this.#settings = options.settings;
    this.#now = options.now;
    this.#onProblem = options.onProblem;
    this.#onChanged = options.onChanged ?? (() => {});
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
    // Whoever had the lease before may have been of another version.
    if (this.#looked !== lease.token) {
      await held(transaction =>
        this.#work.recomputeOlder(
          RULES,
          this.#now().toISOString(),
          transaction,
        ),
      );
      this.#looked = lease.token;
    }
    let all = 0;
    for (;;) {
      const services = await this.#services(held, signal);
      const days = await this.#days(held, signal);
      all += services;
      if (services + days > 0) this.#onChanged();
      if (signal.aborted || services + days === 0) return all;
    }
  }

  /**
   * Goes on with services of which something was told. Those with which that is not possible are marked, to be computed anew.
   *
   * @returns how many services these were, and how many events
   */
  async #goOn(held: Held): Promise<{ services: number; events: number }> {
    if (!(await this.#ledger.hasFresh())) return { services: 0, events: 0 };
    try {
      return await this.#continue(held);
    } catch (error) {
      if (error instanceof LostLeaseError) throw error;
      // It is not known of which service it is: each is computed by itself.
      this.#onProblem(
        `What was told last could not be gone on with, and is computed anew: ${wordsOf(
          error,
        )}`,
      );
      return this.#leave(held);
    }
  }

  async #leave(held: Held): Promise<{ services: number; events: number }> {
    const count = { services: 0, events: 0 };
    await held(async transaction => {
      const fresh = await this.#ledger.freshSeqs(EVENTS, transaction);
      const services = new Set(fresh.map(one => one.service));
      await markDirty(transaction, [...services]);
      await this.#ledger.followed(
        fresh.map(one => one.seq),
        transaction,
      );
      count.services = services.size;
      count.events = fresh.length;
    });
    return count;
  }

  async #continue(held: Held): Promise<{ services: number; events: number }> {
    const count = { services: 0, events: 0 };
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
      const dirty = await this.#work.next(AT_ONCE, this.#now().toISOString());
      done.services += continued.services + dirty.length;
      done.anew += dirty.length;
      done.events += continued.events;
      if (dirty.length === 0) {
        if (continued.events === 0) break;
        continue;
      }
      await this.#anew(held, dirty);
    }
    return done.services;
  }

  /** Computes services anew, together; each by itself where that fails, so that one that cannot be computed keeps no others from it. */
  async #anew(held: Held, dirty: DirtyService[]): Promise<void> {
    try {
      await held(transaction => this.#compute(dirty, transaction));
    } catch (error) {
      if (error instanceof LostLeaseError) throw error;
      if (dirty.length > 1) {
        for (const one of dirty) await this.#anew(held, [one]);
        return;
      }
      const [{ service }] = dirty;
      await held(transaction =>
        this.#work.setAside(service, this.#now(), transaction),
      );
      this.#onProblem(
        `The numbers of ${service} could not be brought up to date: ${wordsOf(
          error,
        )}. It is tried again, later and later.`,
      );
    }
  }

  async #compute(
    dirty: DirtyService[],
    transaction: Knex.Transaction,
  ): Promise<void> {
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

/** Databases say all that was asked of them before they say what is wrong with it. */
function wordsOf(error: unknown): string {
  const words = stringifyError(error);
  return words.length > MOST_WORDS ? `…${words.slice(-MOST_WORDS)}` : words;
}

/** Does something in a transaction in which the lease is held. */
type Held = (
  work: (transaction: Knex.Transaction) => Promise<void>,
) => Promise<void>;
