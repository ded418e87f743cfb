import { Knex } from 'knex';
import { FactStore } from '../database/FactStore';
import { FeedStore, Lease } from '../database/FeedStore';
import { LedgerStore } from '../database/LedgerStore';
import { WorkStore } from '../database/WorkStore';
import { computeFacts } from '../facts/computeFacts';
import { FactSettings } from '../facts/Facts';

/** Together they cost the database little more than one. */
const AT_ONCE = 50;

/** Brings the facts of services up to date with the ledger, some services in one transaction. */
export class Computer {
  readonly #db: Knex;
  readonly #facts: FactStore;
  readonly #feeds: FeedStore;
  readonly #ledger: LedgerStore;
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
   * @throws LostLeaseError
   */
  async run(
    lease: Lease,
    until: () => string,
    signal: AbortSignal,
  ): Promise<number> {
    let done = 0;
    while (!signal.aborted) {
      const dirty = await this.#work.next(AT_ONCE);
      if (dirty.length === 0) break;
      await this.#db.transaction(async transaction => {
        await this.#feeds.hold(lease, { lease_until: until() }, transaction);
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
}
