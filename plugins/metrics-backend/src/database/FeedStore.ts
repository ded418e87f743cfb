import { ConflictError } from '@backstage/errors';
import { Knex } from 'knex';

/** Somebody else works at it now: whatever was about to be written is not. */
export class LostLeaseError extends ConflictError {}

/** The right to work at something, which one process has at a time. */
export interface Lease {
  name: string;
  token: number;
}

/** How far feeds are read, and who reads. */
export class FeedStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  async add(name: string): Promise<void> {
    await this.#db('feeds').insert({ name }).onConflict('name').ignore();
  }

  /**
   * Takes the right to work at something, if nobody has it or its holder is dead.
   *
   * @param options.until - ISO 8601
   */
  async claim(
    name: string,
    options: { holder: string; now: string; until: string },
  ): Promise<Lease | undefined> {
    const { holder, now, until } = options;
    const row = await this.#db('feeds')
      .where({ name })
      .andWhere(free =>
        free.whereNull('lease_until').orWhere('lease_until', '<=', now),
      )
      .first();
    if (!row) return undefined;
    const token = row.lease_token + 1;
    const changed = await this.#db('feeds')
      .where({ name, lease_token: row.lease_token })
      .update({ lease_holder: holder, lease_token: token, lease_until: until });
    return changed === 1 ? { name, token } : undefined;
  }

  async release({ name, token }: Lease): Promise<void> {
    await this.#db('feeds')
      .where({ name, lease_token: token })
      .update({ lease_holder: null, lease_until: null });
  }

  /**
   * Makes sure, within a transaction, that the lease still holds until it ends.
   *
   * @throws LostLeaseError
   */
  async hold(
    { name, token }: Lease,
    change: Record<string, unknown>,
    transaction: Knex = this.#db,
  ): Promise<void> {
    const changed = await transaction('feeds')
      .where({ name, lease_token: token })
      .update(change);
    if (changed !== 1) throw new LostLeaseError(`${name} is another's now.`);
  }

  /** How far a feed is read: the number of the last event, and its id where it is known. */
  async place(name: string): Promise<{ cursor: number; lastId?: string }> {
    const row = await this.#db('feeds').where({ name }).first();
    const cursor = Number(row?.cursor ?? 0);
    // A portal of before moves the cursor alone, past what was last for this one.
    const isLast = row?.last_id && Number(row.last_seq) === cursor;
    return { cursor, ...(isLast && { lastId: row.last_id }) };
  }

  /** What is known of a feed. */
  async get(
    name: string,
  ): Promise<{ lastReadAt?: string; problem?: string } | undefined> {
    const row = await this.#db('feeds').where({ name }).first();
    return (
      row && {
        lastReadAt: row.last_read_at ?? undefined,
        problem: row.problem ?? undefined,
      }
    );
  }
}
