import { ConflictError } from '@backstage/errors';
import { activeStates, Deployment } from '@highroad/plugin-deployments-common';
import { Knex } from 'knex';
import { LEASE_MS } from './lease';
import { endEvents, EventContext, writeEvents } from './outbox';
import { Hold, Memory, workItemOf } from './rows';
import { closeSteps } from './stepRows';

/** What is known of a deployment when somebody asks for it. */
export type Requested = Pick<
  Deployment,
  | 'kind'
  | 'service'
  | 'environment'
  | 'version'
  | 'image'
  | 'requestedBy'
  | 'door'
  | 'correlation'
> &
  Partial<
    Pick<
      Deployment,
      | 'digest'
      | 'commit'
      | 'strategy'
      | 'reason'
      | 'undoes'
      | 'fixes'
      | 'unplanned'
      | 'manifestsOf'
      | 'manifestsDigest'
      | 'takeOver'
    >
  > & {
    /** Applied even if exactly that is there already */
    again?: boolean;
  };

/** What a deployment takes over from the one whose place it takes. */
interface Inheritance {
  /** Whose workers may still be at it, and until when */
  holds: Hold[];
  /** Something of it may be in the cluster that never came to its end */
  inherited: boolean;
}
/** Several may want to take one place at the same moment. */
const MOST_TRIES = 5;
const NOTHING: Inheritance = { holds: [], inherited: false };

/** Takes requests in: one at a time for each service and environment. */
export class RequestStore {
  readonly #db: Knex;
  readonly #newId: () => string;

  constructor(db: Knex, options: { newId: () => string }) {
    this.#db = db;
    this.#newId = options.newId;
  }

  /**
   * Queues a deployment.
   *
   * @param options.supersede - ends one that is under way there. What its worker has begun may go on for as long as it
   * holds its lease, so the new one has no effect before that
   * @param options.waits - it will wait for a person before it has any effect
   * @throws ConflictError naming the one that is under way
   */
  async request(
    wanted: Requested,
    options: { now: string; supersede: boolean; waits?: boolean },
  ): Promise<Deployment> {
    return this.#db.transaction(transaction =>
      this.requestIn(transaction, wanted, options),
    );
  }

  /** As {@link RequestStore.request}, within a transaction that does more. */
  async requestIn(
    transaction: Knex.Transaction,
    wanted: Requested,
    options: { now: string; supersede: boolean; waits?: boolean },
  ): Promise<Deployment> {
    const { now, supersede, waits } = options;
    const context: EventContext = { now, newId: this.#newId };
    const slot = slotOf(wanted);
    const id = this.#newId();
    for (let tries = 1; ; tries++) {
      const { holds, inherited } = supersede
        ? await this.#supersede(transaction, slot, context)
        : NOTHING;
      if (inherited && waits) throw unwatched(wanted);
      const memory: Partial<Memory> = { inherited };
      const inserted = await transaction('deployments')
        .insert({
          id,
          kind: wanted.kind,
          service: wanted.service,
          environment: wanted.environment,
          version: wanted.version,
          image: wanted.image,
          digest: wanted.digest,
          commit: wanted.commit,
          strategy: wanted.strategy,
          state: 'queued',
          summary: 'Waits for its turn',
          requested_by: wanted.requestedBy,
          door: wanted.door,
          reason: wanted.reason,
          undoes: wanted.undoes,
          fixes: wanted.fixes,
          unplanned: wanted.unplanned ?? false,
          manifests_of: wanted.manifestsOf,
          manifests_digest: wanted.manifestsDigest,
          again: wanted.again ?? false,
          take_over: wanted.takeOver ?? false,
          correlation: wanted.correlation,
          requested_at: now,
          slot,
          memory: JSON.stringify(memory),
          due_at: now,
          holds: JSON.stringify(holds),
        })
        .onConflict('slot')
        .ignore()
        .returning('id');
      if (inserted.length > 0) break;
      // Who is told to take its place does so too where another has just taken that of the one before.
      if (!supersede || tries === MOST_TRIES) {
        throw await this.#conflict(transaction, slot);
      }
    }
    await comesLast(transaction, { ...wanted, id, now });
    const row = await transaction('deployments').where({ id }).first();
    const { deployment } = workItemOf(row);
    await writeEvents(
      transaction,
      ['com.myorg.platform.deployment.requested.1'],
      deployment,
      context,
    );
    return deployment;
  }

  async #supersede(
    transaction: Knex.Transaction,
    slot: string,
    context: EventContext,
  ): Promise<Inheritance> {
    // Locked, so that it neither ends nor is taken by a worker between being read and being written.
    const row = await transaction('deployments')
      .where({ slot })
      .whereIn('state', activeStates)
      .forUpdate()
      .first();
    if (!row) return NOTHING;
    const changed = await transaction('deployments')
      .where({ id: row.id, lease_token: row.lease_token })
      .whereIn('state', activeStates)
      .update({
        state: 'superseded',
        summary: 'Another deployment took its place',
        ended_at: context.now,
        slot: null,
        wish: null,
        wished_by: null,
        wish_reason: null,
        revision: transaction.raw('revision + 1'),
        lease_token: transaction.raw('lease_token + 1'),
      });
    if (changed === 0) throw await this.#conflict(transaction, slot);
    await closeSteps(transaction, row.id, context.now);
    const ended = await transaction('deployments')
      .where({ id: row.id })
      .first();
    const { deployment } = workItemOf(ended);
    await writeEvents(transaction, endEvents(deployment), deployment, context);
    const { holds, memory } = workItemOf(row);
    return {
      holds: row.lease_until
        ? [
            ...holds,
            {
              deployment: row.id,
              // It is not renewed any more, whatever the clock was that it was written by.
              until: earlier(row.lease_until, later(context.now, LEASE_MS)),
            },
          ]
        : holds,
      inherited: memory.applied || memory.inherited,
    };
  }

  async #conflict(
    transaction: Knex.Transaction,
    slot: string,
  ): Promise<ConflictError> {
    const row = await transaction('deployments').where({ slot }).first();
    if (!row) {
      return new ConflictError(
        'Another deployment was there at this moment. Try again.',
      );
    }
    const { id, version, service, environment, state, requestedBy } =
      workItemOf(row).deployment;
    return new ConflictError(
      `${version} of ${service} is being deployed to ${environment} (${state}, asked for by ${requestedBy}, ${id}). Wait for it, cancel it, or take its place.`,
    );
  }
}

/**
 * Dates a deployment after all that were there before it, whatever the clock was that they were dated by: what runs and
 * what is put back is told from that order.
 *
 * @param one.now - ISO 8601, the date it has where that is late enough
 */
async function comesLast(
  transaction: Knex.Transaction,
  one: { id: string; service: string; environment: string; now: string },
): Promise<void> {
  const { id, service, environment, now } = one;
  // Asked while its slot is held: nobody else can come in between.
  const newest = await transaction('deployments')
    .select('requested_at')
    .where({ service, environment })
    .whereNot({ id })
    .orderBy('requested_at', 'desc')
    .first();
  if (!newest || newest.requested_at < now) return;
  await transaction('deployments')
    .where({ id })
    .update({ requested_at: later(newest.requested_at, 1) });
}

/** What is half shifted must not be left alone until somebody approves something else. */
function unwatched({ service, environment }: Requested): ConflictError {
  return new ConflictError(
    `What is being deployed of ${service} to ${environment} is in the cluster already, and nobody would watch over it while this waits for an approval. Cancel it or roll it back, so that what ran before is put back; then deploy.`,
  );
}

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}

function later(time: string, ms: number): string {
  return new Date(Date.parse(time) + ms).toISOString();
}

/** One deployment at a time holds it. */
export function slotOf(place: {
  service: string;
  environment: string;
}): string {
  return `${place.service} ${place.environment}`;
}
