import { ConflictError } from '@backstage/errors';
import {
  activeStates,
  Deployment,
  EndState,
  Step,
} from '@highroad/plugin-deployments-common';
import { Knex } from 'knex';
import { endEvents, writeEvents } from './outbox';
import { latestCredible, LEASE_MS } from './lease';
import { Requested, RequestStore, slotOf } from './RequestStore';
import { columnsOf, holdsSchema, Memory, WorkItem, workItemOf } from './rows';
import { closeSteps, writeSteps } from './stepRows';

/** Somebody else has the lease, or ended the deployment: whatever was about to be written is not. */
export class LostLeaseError extends ConflictError {}

/** What a worker has found or done. */
export interface Change {
  deployment?: Partial<Deployment>;
  memory?: Partial<Memory>;
  /** Written over the step of the same number */
  steps?: Step[];
  /** What was wanted has been done */
  wishDone?: boolean;
  /** When to look again */
  dueAt: string;
}

/** A deployment that somebody holds, or held. */
export interface HeldRow {
  id: string;
  token: number;
  /** Another with each write */
  mark: string;
}

/** What is in the cluster is not left alone for longer, in milliseconds. */
const LONGEST_PAUSE_MS = 120_000;
/** So many that are still held do not hide others from who looks for what is due. */
const MOST_HELD = 200;

/** What workers do: take what is due, write what came of it, end it. Every write is made with the lease's token. */
export class WorkStore {
  readonly #db: Knex;
  readonly #requests: RequestStore;
  readonly #newId: () => string;

  constructor(
    db: Knex,
    options: { requests: RequestStore; newId: () => string },
  ) {
    this.#db = db;
    this.#requests = options.requests;
    this.#newId = options.newId;
  }

  /**
   * Takes what is due and what nobody is at.
   *
   * @param options.now - ISO 8601
   * @param options.until - how long it is this worker's alone, ISO 8601
   * @param options.isOver - whether a lease is over that is by the clock
   */
  async claim(options: {
    holder: string;
    now: string;
    until: string;
    limit: number;
    isOver?: (row: HeldRow) => boolean;
  }): Promise<WorkItem[]> {
    const { holder, now, until, limit, isOver = () => true } = options;
    const due = await this.#db('deployments')
      .select('id', 'lease_token', 'lease_until', 'due_at', 'revision')
      .whereIn('state', activeStates)
      .andWhere('due_at', '<=', now)
      .andWhere(free =>
        free.whereNull('lease_until').orWhere('lease_until', '<=', now),
      )
      .orderBy('due_at')
      .limit(limit + MOST_HELD);
    const free = due.filter(
      row => row.lease_until === null || isOver(heldRow(row)),
    );
    const taken: WorkItem[] = [];
    for (const { id, lease_token } of free.slice(0, limit)) {
      // The token that was read makes sure that of two workers one takes it.
      const changed = await this.#db('deployments')
        .where({ id, lease_token })
        .whereIn('state', activeStates)
        .update({
          lease_holder: holder,
          lease_until: until,
          lease_token: lease_token + 1,
        });
      if (changed === 0) continue;
      const row = await this.#db('deployments').where({ id }).first();
      const item = workItemOf(row);
      if (item.token === lease_token + 1) taken.push(item);
      // Its place was taken at that very moment; nothing was begun.
      else await this.letGo(item, now);
    }
    return taken;
  }

  /**
   * What is held or due at a time that no worker would write whose clock is about as that of who asks. What waits for a
   * person is not due before that, and is not among it.
   *
   * @param now - ISO 8601
   */
  async farAhead(now: string): Promise<HeldRow[]> {
    const latest = latestCredible(now);
    const longest = later(now, LEASE_MS);
    const soon = later(now, LONGEST_PAUSE_MS);
    const rows = await this.#db('deployments')
      .select('id', 'lease_token', 'lease_until', 'due_at', 'revision')
      .whereIn('state', activeStates)
      .andWhere(far =>
        far
          .where('lease_until', '>', longest)
          .orWhere(due =>
            due
              .where('due_at', '>', latest)
              .whereNot({ state: 'waiting-for-approval' }),
          )
          .orWhere(due =>
            due
              .where('due_at', '>', soon)
              .whereIn('state', ['applying', 'shifting']),
          ),
      );
    return rows.map(heldRow);
  }

  /** Makes it anybody's, and due, if nobody has taken it meanwhile. */
  async letGoOf({ id, token }: HeldRow, now: string): Promise<void> {
    await this.#db('deployments')
      .where({ id, lease_token: token })
      .whereIn('state', activeStates)
      .update({
        lease_holder: null,
        lease_until: null,
        lease_token: token + 1,
        due_at: now,
      });
  }

  /** @throws LostLeaseError */
  async renew(item: WorkItem, until: string): Promise<void> {
    const changed = await this.#held(this.#db, item).update({
      lease_until: until,
    });
    if (changed === 0) throw lost(item);
  }

  /** Lets others have it. What was lost already is not taken from them. */
  async release(item: WorkItem): Promise<void> {
    await this.#held(this.#db, item).update({
      lease_until: null,
      lease_holder: null,
    });
  }

  /** Whoever took the place of this deployment need not wait for its worker any more. */
  async letGo({ deployment }: WorkItem, now: string): Promise<void> {
    const { id, service, environment } = deployment;
    await this.#db.transaction(async transaction => {
      const row = await transaction('deployments')
        .where({ slot: slotOf({ service, environment }) })
        .forUpdate()
        .first();
      if (!row || row.id === id) return;
      const holds = holdsSchema
        .parse(row.holds)
        .filter(hold => hold.deployment !== id);
      await transaction('deployments')
        .where({ id: row.id })
        .update({
          holds: JSON.stringify(holds),
          due_at: now,
          // Who is at it has read that it is held, and would wait for that.
          revision: transaction.raw('revision + 1'),
        });
    });
  }

  /** @throws LostLeaseError, and nothing is written */
  async advance(
    item: WorkItem,
    change: Change,
    now: string,
  ): Promise<WorkItem> {
    return this.#db.transaction(async transaction => {
      const row = await this.#write(transaction, item, change, now);
      const next = workItemOf(row);
      const { state } = item.deployment;
      if (state !== next.deployment.state) {
        await writeEvents(
          transaction,
          [
            state === 'queued'
              ? 'com.myorg.platform.deployment.started.1'
              : 'com.myorg.platform.deployment.advanced.1',
          ],
          ...([next.deployment, { now, newId: this.#newId }] as const),
        );
      }
      return next;
    });
  }

  /**
   * Writes steps in the middle of a look, and nothing else.
   *
   * @returns what it is now; as before where somebody has changed something meanwhile, which the end of the look then heeds
   * @throws LostLeaseError, and nothing is written
   */
  async note(item: WorkItem, steps: Step[]): Promise<WorkItem> {
    const { deployment } = item;
    return this.#db.transaction(async transaction => {
      const changed = await this.#held(transaction, item).update({
        revision: transaction.raw('revision + 1'),
      });
      if (changed === 0) throw lost(item);
      await writeSteps(transaction, deployment.id, steps);
      const row = await transaction('deployments')
        .select('revision')
        .where({ id: deployment.id })
        .first();
      const revision = deployment.revision + 1;
      return row.revision === revision
        ? { ...item, deployment: { ...deployment, revision } }
        : item;
    });
  }

  /**
   * Ends a deployment, once and for all.
   *
   * @param options.then - what is asked for in the same moment, such as the rollback of what failed
   * @returns the deployment that was asked for with it
   * @throws LostLeaseError, and nothing is written
   */
  async end(
    item: WorkItem,
    options: {
      state: EndState;
      summary: string;
      steps?: Step[];
      deployment?: Partial<Deployment>;
      now: string;
      then?: Requested;
    },
  ): Promise<Deployment | undefined> {
    const { state, summary, steps, now, then } = options;
    return this.#db.transaction(async transaction => {
      await this.#write(
        transaction,
        item,
        {
          deployment: { ...options.deployment, state, summary, endedAt: now },
          steps,
          wishDone: true,
          dueAt: now,
        },
        now,
      );
      const { id } = item.deployment;
      await closeSteps(transaction, id, now);
      await transaction('deployments').where({ id }).update({ slot: null });
      const rollback =
        then &&
        (await this.#requests.requestIn(transaction, then, {
          now,
          supersede: false,
        }));
      if (rollback) {
        await transaction('deployments')
          .where({ id })
          .update({ undone_by: rollback.id });
      }
      const ended = workItemOf(
        await transaction('deployments').where({ id }).first(),
      );
      await writeEvents(
        transaction,
        endEvents(ended.deployment),
        ended.deployment,
        { now, newId: this.#newId },
      );
      return rollback;
    });
  }

  async #write(
    transaction: Knex.Transaction,
    item: WorkItem,
    change: Change,
    now: string,
  ): Promise<unknown> {
    const { deployment = {}, memory, steps = [], wishDone, dueAt } = change;
    const changed = await this.#held(transaction, item).update({
      ...columnsOf(deployment),
      ...(memory && { memory: JSON.stringify({ ...item.memory, ...memory }) }),
      // What was wanted meanwhile stays.
      ...(wishDone && {
        wish: transaction.raw('case when wish = ? then null else wish end', [
          item.wish ?? '',
        ]),
      }),
      // Whoever changed something since it was read wants it looked at now, not later.
      due_at: transaction.raw('case when revision = ? then ? else due_at end', [
        item.deployment.revision,
        dueAt,
      ]),
      revision: transaction.raw('revision + 1'),
    });
    if (changed === 0) throw lost(item);
    const { id } = item.deployment;
    await writeSteps(transaction, id, steps);
    const weight = deployment.progress?.weight;
    if (weight !== undefined && weight !== item.deployment.progress?.weight) {
      await transaction('traffic')
        .insert({ deployment_id: id, at: now, weight })
        .onConflict(['deployment_id', 'at'])
        .merge();
    }
    return transaction('deployments').where({ id }).first();
  }

  #held(db: Knex, item: WorkItem) {
    return (
      db('deployments')
        .where({ id: item.deployment.id, lease_token: item.token })
        // What was let go of is not held again by a renewal that comes late.
        .whereNotNull('lease_holder')
        .whereIn('state', activeStates)
    );
  }
}

function later(time: string, ms: number): string {
  return new Date(Date.parse(time) + ms).toISOString();
}

function heldRow(row: {
  id: string;
  lease_token: number;
  lease_until: string | null;
  due_at: string;
  revision: number;
}): HeldRow {
  const { id, lease_token: token, lease_until, due_at, revision } = row;
  return { id, token, mark: [token, lease_until, due_at, revision].join() };
}

function lost({ deployment }: WorkItem): LostLeaseError {
  return new LostLeaseError(
    `Deployment ${deployment.id} is another worker's now, or has ended.`,
  );
}
