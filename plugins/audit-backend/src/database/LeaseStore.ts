import { Knex } from 'knex';

interface LeaseRow {
  name: string;
  holder: string;
  token: number;
  expires_at: number;
}

/** The right to do something alone, until it expires. */
export interface Lease {
  name: string;
  holder: string;
  /** Grows with each holder: what an earlier one still wants to do is refused by it */
  token: number;
}

const TABLE = 'leases';
/** Clocks of replicas may differ by so many terms of a lease. */
const CREDIBLE = 6;

/** Leases. Clocks of replicas may differ: then one is had later or twice, but never used twice, as the token is checked. */
export class LeaseStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /**
   * Takes a lease that is free. One that says that it is held for far longer than any is given for was not written by
   * a holder, or by one whose clock is wrong: it is free too.
   *
   * @param now - milliseconds since 1970
   * @returns nothing if somebody else has it
   */
  async take(
    name: string,
    holder: string,
    time: { now: number; ttlMs: number },
  ): Promise<Lease | undefined> {
    const expires_at = time.now + time.ttlMs;
    // Asked each second by everybody who would like it, so that mostly nothing is written.
    const known = await this.#db<LeaseRow>(TABLE).where({ name }).first();
    const latest = time.now + CREDIBLE * time.ttlMs;
    const end = Number(known?.expires_at ?? 0);
    if (end > time.now && end <= latest) return undefined;
    await this.#db<LeaseRow>(TABLE)
      .insert({ name, holder: '', token: 0, expires_at: 0 })
      .onConflict('name')
      .ignore();
    const [taken] = await this.#db<LeaseRow>(TABLE)
      .where({ name })
      .andWhere(free =>
        free
          .where('expires_at', '<=', time.now)
          .orWhere('expires_at', '>', latest),
      )
      .update({ holder, expires_at, token: this.#db.raw('token + 1') })
      .returning('token');
    return taken && { name, holder, token: Number(taken.token) };
  }

  /**
   * Extends a lease. In a transaction nobody else can take it before that ends.
   *
   * @returns whether it is still held
   */
  async renew(
    lease: Lease,
    time: { now: number; ttlMs: number },
  ): Promise<boolean> {
    const { name, holder, token } = lease;
    const changed = await this.#db<LeaseRow>(TABLE)
      .where({ name, holder, token })
      .update({ expires_at: time.now + time.ttlMs });
    return changed === 1;
  }

  async release(lease: Lease): Promise<void> {
    const { name, holder, token } = lease;
    await this.#db<LeaseRow>(TABLE)
      .where({ name, holder, token })
      .update({ expires_at: 0 });
  }
}
