import { Knex } from 'knex';
import { z } from 'zod';

const text = z
  .string()
  .nullish()
  .transform(value => value ?? undefined);
const rowSchema = z.object({
  repository: z.string(),
  changes_until: text,
  pass_newest: text,
  pass_page: z.coerce.number(),
  tickets_until: text,
});

/** The row of feeds that keeps since when tickets are known of repositories that are gone. */
const GONE = 'tickets-of-git-hosts';

/** How far a repository was read. Times are ISO 8601. */
export type Reading = z.output<typeof rowSchema>;

const problemSchema = z.object({ host: z.string(), problem: z.string() });

const dueSchema = z.object({ host: z.string(), due: z.string() });

/** Remembers how far each repository was read, and when it is looked at again. */
export class RepositoryStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** Adds those that are new, and forgets those that are not there any more. */
  async keep(
    all: Array<{ repository: string; host: string }>,
    now: string,
  ): Promise<void> {
    const known = new Set<string>(
      await this.#db('git_repositories').pluck('repository'),
    );
    const wanted = new Set(all.map(one => one.repository));
    for (const { repository, host } of all) {
      if (known.has(repository)) continue;
      await this.#db('git_repositories')
        .insert({ repository, host, due_at: now })
        .onConflict('repository')
        .ignore();
    }
    const gone = [...known].filter(one => !wanted.has(one));
    if (gone.length === 0) return;
    const from = await this.ticketsFrom();
    if (from !== undefined) {
      await this.#db('feeds')
        .insert({ name: GONE, tickets_from: from })
        .onConflict('name')
        .merge(['tickets_from']);
    }
    for (const repository of gone) {
      await this.#db('git_repositories').where({ repository }).delete();
    }
  }

  async due(now: string, limit: number): Promise<Reading[]> {
    const rows = await this.#db('git_repositories')
      .where('due_at', '<=', now)
      .orderBy('due_at')
      .limit(limit);
    return z.array(rowSchema).parse(rows);
  }

  /**
   * @param change.tickets_from - counts where it is not known yet
   * @param on - the transaction in which what was read is written
   */
  async update(
    repository: string,
    change: {
      changes_until?: string | null;
      pass_newest?: string | null;
      pass_page?: number;
      tickets_until?: string;
      tickets_from?: string;
      due_at?: string;
      problem?: string | null;
    },
    on: Knex = this.#db,
  ): Promise<void> {
    const { tickets_from: from, ...rest } = change;
    await on('git_repositories')
      .where({ repository })
      .update({
        ...rest,
        ...(from !== undefined && {
          tickets_from: on.raw('coalesce(tickets_from, ?)', [from]),
        }),
      });
  }

  /** There may be something new in it. @returns whether it is read at all */
  async makeDue(repository: string, now: string): Promise<boolean> {
    const changed = await this.#db('git_repositories')
      .where({ repository })
      .update({ due_at: now });
    return changed > 0;
  }

  /** Since when tickets are known of the repository that was read first, also where it is gone by now; none where none was. */
  async ticketsFrom(): Promise<string | undefined> {
    const row = await this.#db('git_repositories')
      .min({ from: 'tickets_from' })
      .first();
    const gone = await this.#db('feeds').where({ name: GONE }).first();
    const [first] = z
      .array(z.string().nullish())
      .parse([row?.from, gone?.tickets_from])
      .flatMap(from => from ?? [])
      .sort();
    return first;
  }

  /** What is wrong with repositories, by their host. */
  async problems(): Promise<Array<z.output<typeof problemSchema>>> {
    const rows = await this.#db('git_repositories')
      .whereNotNull('problem')
      .orderBy('repository')
      .select('host', 'problem');
    return z.array(problemSchema).parse(rows);
  }

  /** When the repository that waits longest was to be read, by host. */
  async dueByHost(): Promise<Array<z.output<typeof dueSchema>>> {
    const rows = await this.#db('git_repositories')
      .groupBy('host')
      .orderBy('host')
      .select('host')
      .min({ due: 'due_at' });
    return z.array(dueSchema).parse(rows);
  }
}
