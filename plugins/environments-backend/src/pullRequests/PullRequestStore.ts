import { ConflictError } from '@backstage/errors';
import { Knex } from 'knex';
import { z } from 'zod';
import { chunksOf } from '@highroad/plugin-platform-common';
import { RepositoryName } from '@highroad/plugin-platform-node/git-hosts';
import { Memory, memorySchema, newMemory } from './Memory';
import { PullRequestRef } from './PullRequestRef';

/** Somebody else has the lease: whatever was about to be written is not. */
export class LostLookError extends ConflictError {}

/** Stands for the repository itself. */
export const WHOLE_REPOSITORY = 0;

const rowSchema = z.object({
  id: z.number(),
  host: z.string(),
  owner: z.string(),
  name: z.string(),
  number: z.number(),
  memory: z
    .string()
    .transform(json => JSON.parse(json) as unknown)
    // What an earlier version kept is found out again.
    .pipe(memorySchema.catch(newMemory())),
  tries: z.number(),
  generation: z.number(),
  lease_token: z.number(),
});

/** A pull request whose turn it is, or a repository. */
export interface LookItem {
  id: number;
  /** Its number is 0 for the repository */
  ref: PullRequestRef;
  memory: Memory;
  /** How often the look failed since it last went well */
  tries: number;
  generation: number;
  /** What writes are made with */
  token: number;
}

/** Of which kind what is taken is */
export type LookKind =
  | 'pull-requests'
  | 'repositories'
  /** Repositories with a pull request that an environment was made for */
  | 'repositories-with-environments';

/** So many are written by one statement. */
const AT_ONCE = 100;

/** What is to be looked at, when, and by whom. */
export class PullRequestStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /**
   * Has these looked at, also those that are being looked at just now: again, then.
   *
   * @param dueAt - ISO 8601
   */
  async want(refs: PullRequestRef[], dueAt: string): Promise<void> {
    for (const ref of refs) {
      await this.#db('pull_requests')
        .insert({ ...newRow(ref), due_at: dueAt })
        .onConflict('key')
        .merge({
          due_at: this.#db.raw(
            'case when pull_requests.due_at > ? then ? else pull_requests.due_at end',
            [dueAt, dueAt],
          ),
          generation: this.#db.raw('pull_requests.generation + 1'),
        });
    }
  }

  /** Has those looked at that are not known yet. */
  async know(refs: PullRequestRef[], dueAt: string): Promise<void> {
    const rows = refs.map(ref => ({ ...newRow(ref), due_at: dueAt }));
    for (const part of chunksOf(rows, AT_ONCE)) {
      await this.#db('pull_requests').insert(part).onConflict('key').ignore();
    }
  }

  /** Takes what is due and what nobody is at, of one kind, what has waited longest first. */
  async claim(options: {
    kind: LookKind;
    holder: string;
    now: string;
    until: string;
    limit: number;
  }): Promise<LookItem[]> {
    const { kind, holder, now, until, limit } = options;
    const due: Array<{ id: number; lease_token: number }> = await this.#db(
      'pull_requests',
    )
      .select('id', 'lease_token')
      .where('due_at', '<=', now)
      .andWhere(
        'number',
        kind === 'pull-requests' ? '<>' : '=',
        WHOLE_REPOSITORY,
      )
      .modify(query => {
        if (kind !== 'repositories-with-environments') return;
        query.whereIn(
          'repository',
          this.#db('pull_requests')
            .select('repository')
            .where({ has_environment: true }),
        );
      })
      .andWhere(free =>
        free.whereNull('lease_until').orWhere('lease_until', '<=', now),
      )
      .orderBy('due_at')
      .limit(limit);
    const taken: LookItem[] = [];
    for (const { id, lease_token } of due) {
      // The token that was read makes sure that of two workers one takes it.
      const changed = await this.#db('pull_requests')
        .where({ id, lease_token })
        .update({
          lease_holder: holder,
          lease_until: until,
          lease_token: lease_token + 1,
        });
      if (changed === 0) continue;
      const row = await this.#db('pull_requests').where({ id }).first();
      const item = row && itemOf(row);
      if (item && item.token === lease_token + 1) taken.push(item);
    }
    return taken;
  }

  /**
   * Keeps what is known, in the middle of a look.
   *
   * @throws LostLookError, and nothing is written
   */
  async keep({ id, token }: LookItem, memory: Memory): Promise<void> {
    await this.#write({ id, token }, columnsOf(memory));
  }

  /**
   * Ends a look.
   *
   * @param result.dueAt - when to look again; at once where that was asked for since it was taken
   * @param result.problem - why it failed; all is well if left out
   * @throws LostLookError, and nothing is written
   */
  async release(
    { id, token, generation }: LookItem,
    result: { memory: Memory; dueAt: string; tries: number; problem?: string },
  ): Promise<void> {
    await this.#write(
      { id, token },
      {
        ...columnsOf(result.memory),
        tries: result.tries,
        problem: result.problem ?? null,
        due_at: this.#db.raw(
          'case when generation = ? then ? else due_at end',
          [generation, result.dueAt],
        ),
        lease_holder: null,
        lease_until: null,
      },
    );
  }

  /** Forgets what there is nothing left to see to of, unless a look was asked for since it was taken. */
  async forget(item: LookItem, now: string): Promise<void> {
    const { id, token: lease_token, generation } = item;
    const gone = await this.#db('pull_requests')
      .where({ id, lease_token, generation })
      .delete();
    if (gone === 0) {
      await this.release(item, { memory: item.memory, dueAt: now, tries: 0 });
    }
  }

  /** The pull requests of a repository that are known. */
  async ofRepository(
    host: string,
    repository: RepositoryName,
  ): Promise<LookItem[]> {
    const rows = await this.#db('pull_requests')
      .where({ repository: repositoryIn({ host, ...repository }) })
      .whereNot({ number: WHOLE_REPOSITORY })
      .orderBy('number');
    return rows.map(itemOf);
  }

  async find(ref: PullRequestRef): Promise<LookItem | undefined> {
    const row = await this.#db('pull_requests')
      .where({ key: keyIn(ref) })
      .first();
    return row && itemOf(row);
  }

  /**
   * Has one that had ended come back, as the comment for it does. Nobody's look is overwritten.
   *
   * @throws ConflictError while it is being looked at
   */
  async revive(ref: PullRequestRef, now: string): Promise<void> {
    const item = await this.find(ref);
    if (!item?.memory.ended) return;
    const { id, token, memory } = item;
    const changed = await this.#db('pull_requests')
      .where({ id, lease_token: token })
      .andWhere(free =>
        free.whereNull('lease_until').orWhere('lease_until', '<=', now),
      )
      .update({
        ...columnsOf({ ...memory, ended: undefined, applied: undefined }),
        // Whoever had a lease that is over writes nothing over this.
        lease_token: token + 1,
        lease_holder: null,
        lease_until: null,
      });
    if (changed === 0) {
      throw new ConflictError(
        'The pull request is being looked at just now. Try again in a moment.',
      );
    }
  }

  async #write(
    { id, token }: Pick<LookItem, 'id' | 'token'>,
    values: object,
  ): Promise<void> {
    const changed = await this.#db('pull_requests')
      .where({ id, lease_token: token })
      .whereNotNull('lease_holder')
      .update(values);
    if (changed === 0) {
      throw new LostLookError('It is another worker’s now.');
    }
  }
}

function columnsOf(memory: Memory) {
  return {
    memory: JSON.stringify(memory),
    has_environment: memory.applied !== undefined,
  };
}

function repositoryIn({ host, owner, name }: Omit<PullRequestRef, 'number'>) {
  return `${host}/${owner}/${name}`.toLocaleLowerCase('en-US');
}

function keyIn(ref: PullRequestRef): string {
  return `${repositoryIn(ref)}#${ref.number}`;
}

function newRow(ref: PullRequestRef) {
  const { host, owner, name, number } = ref;
  return {
    ...{ host, owner, name, number },
    ...{ key: keyIn(ref), repository: repositoryIn(ref) },
    ...columnsOf(newMemory()),
  };
}

function itemOf(row: unknown): LookItem {
  const read = rowSchema.parse(row);
  const { id, host, owner, name, number, memory, tries, generation } = read;
  return {
    ...{ id, memory, tries, generation, token: read.lease_token },
    ref: { host, owner, name, number },
  };
}
