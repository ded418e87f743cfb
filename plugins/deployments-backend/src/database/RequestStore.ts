import { ConflictError } from '@backstage/errors';
import { Deployment } from '@highroad/plugin-deployments-common';
import { Knex } from 'knex';
import { endEvents, EventContext, writeEvents } from './outbox';
import { Hold, workItemOf } from './rows';

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
      | 'manifestsOf'
      | 'manifestsDigest'
    >
  > & {
    /** Applied even if exactly that is there already */
    again?: boolean;
  };

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
   * @throws ConflictError naming the one that is under way
   */
  async request(
    wanted: Requested,
    options: { now: string; supersede: boolean },
  ): Promise<Deployment> {
    return this.#db.transaction(transaction =>
      this.requestIn(transaction, wanted, options),
    );
  }

  /** As {@link RequestStore.request}, within a transaction that does more. */
  async requestIn(
    transaction: Knex.Transaction,
    wanted: Requested,
    options: { now: string; supersede: boolean },
  ): Promise<Deployment> {
    const { now, supersede } = options;
    const context: EventContext = { now, newId: this.#newId };
    const slot = slotOf(wanted);
    const holds = supersede
      ? await this.#supersede(transaction, slot, context)
      : [];
    const id = this.#newId();
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
        manifests_of: wanted.manifestsOf,
        manifests_digest: wanted.manifestsDigest,
        again: wanted.again ?? false,
        correlation: wanted.correlation,
        requested_at: now,
        slot,
        memory: '{}',
        due_at: now,
        holds: JSON.stringify(holds),
      })
      .onConflict('slot')
      .ignore()
      .returning('id');
    if (inserted.length === 0) throw await this.#conflict(transaction, slot);
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

  /** @returns whose workers may still be at it, and until when */
  async #supersede(
    transaction: Knex.Transaction,
    slot: string,
    context: EventContext,
  ): Promise<Hold[]> {
    const row = await transaction('deployments').where({ slot }).first();
    if (!row) return [];
    await transaction('deployments')
      .where({ id: row.id })
      .update({
        state: 'superseded',
        summary: 'Another deployment took its place',
        ended_at: context.now,
        slot: null,
        wish: null,
        revision: transaction.raw('revision + 1'),
        lease_token: transaction.raw('lease_token + 1'),
      });
    const ended = await transaction('deployments')
      .where({ id: row.id })
      .first();
    const { deployment } = workItemOf(ended);
    await writeEvents(transaction, endEvents(deployment), deployment, context);
    const earlier = workItemOf(row).holds;
    return row.lease_until
      ? [...earlier, { deployment: row.id, until: row.lease_until }]
      : earlier;
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

/** One deployment at a time holds it. */
export function slotOf(place: {
  service: string;
  environment: string;
}): string {
  return `${place.service} ${place.environment}`;
}
