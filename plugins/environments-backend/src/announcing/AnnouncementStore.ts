import { Knex } from 'knex';
import { z } from 'zod';

const TABLE = 'environment_announcements';

const rowSchema = z.object({
  uid: z.string(),
  occasion: z.string(),
  home: z.string(),
  name: z.string(),
  since: z.string(),
  // SQLite has no booleans.
  attempted: z.union([z.boolean(), z.number().transform(Boolean)]),
  tries: z.number(),
});

/** Something that is to be told. */
export type Announcement = z.output<typeof rowSchema>;
export type AnnouncementKey = Pick<Announcement, 'uid' | 'occasion'>;

/** Somebody else tells it by now. */
export class LostAnnouncementError extends Error {
  readonly name = 'LostAnnouncementError';
}

/** What is to be told of environments, and what was. All times are ISO 8601, in UTC. */
export class AnnouncementStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** Has it told, unless it was wanted before. */
  async want(
    key: AnnouncementKey & { home: string; name: string },
    times: { now: string; dueAt: string },
  ): Promise<void> {
    await this.#db(TABLE)
      .insert({
        ...key,
        ...{ since: times.now, due_at: times.dueAt },
        ...{ attempted: false, tries: 0 },
      })
      .onConflict(['uid', 'occasion'])
      .ignore();
  }

  /** Takes what is due, for as long as said; each is somebody's alone. */
  async claim(lease: {
    holder: string;
    now: string;
    until: string;
    limit: number;
  }): Promise<Announcement[]> {
    const { holder, now, until } = lease;
    const free = (query: Knex.QueryBuilder) =>
      query
        .whereNull('told_at')
        .where('due_at', '<=', now)
        .where(held =>
          held.whereNull('held_until').orWhere('held_until', '<=', now),
        );
    const rows: unknown[] = await free(this.#db(TABLE))
      .orderBy('due_at')
      .limit(lease.limit);
    const mine: Announcement[] = [];
    for (const row of rows) {
      const found = rowSchema.parse(row);
      const { uid, occasion } = found;
      const taken = await free(this.#db(TABLE).where({ uid, occasion })).update(
        { holder, held_until: until },
      );
      if (taken === 1) mine.push(found);
    }
    return mine;
  }

  /**
   * Written down before a message is sent, so that whoever goes on after a crash looks for it first.
   *
   * @throws LostAnnouncementError
   */
  async attempting(
    key: AnnouncementKey,
    holder: string,
    until: string,
  ): Promise<void> {
    await this.#change(key, holder, { attempted: true, held_until: until });
  }

  /** @throws LostAnnouncementError */
  async told(key: AnnouncementKey, holder: string, at: string): Promise<void> {
    await this.#change(key, holder, {
      ...{ told_at: at, holder: null, held_until: null },
    });
  }

  /** @throws LostAnnouncementError */
  async postpone(
    { uid, occasion, tries }: Announcement,
    holder: string,
    next: { dueAt: string; attempted: boolean },
  ): Promise<void> {
    await this.#change({ uid, occasion }, holder, {
      ...{ due_at: next.dueAt, attempted: next.attempted },
      ...{ tries: tries + 1, holder: null, held_until: null },
    });
  }

  /** It is not so any more; where it is again, it is told. */
  async drop({ uid, occasion }: AnnouncementKey, holder: string) {
    await this.#db(TABLE).where({ uid, occasion, holder }).delete();
  }

  /** Environments of which something was told before then, and nothing is left to tell. */
  async toldBefore(
    then: string,
  ): Promise<Array<Pick<Announcement, 'uid' | 'home' | 'name'>>> {
    const rows: unknown[] = await this.#db(TABLE)
      .groupBy('uid', 'home', 'name')
      .havingRaw('count(*) = count(told_at) and max(told_at) < ?', [then])
      .select('uid', 'home', 'name');
    return rows.map(row =>
      rowSchema.pick({ uid: true, home: true, name: true }).parse(row),
    );
  }

  /** @param uid - of an environment that is gone */
  async forget(uid: string): Promise<void> {
    await this.#db(TABLE).where({ uid }).delete();
  }

  async #change(
    { uid, occasion }: AnnouncementKey,
    holder: string,
    change: object,
  ): Promise<void> {
    const changed = await this.#db(TABLE)
      .where({ uid, occasion, holder })
      .update(change);
    if (changed !== 1) throw new LostAnnouncementError();
  }
}
