import { ConflictError } from '@backstage/errors';
import { eventTypes } from '@highroad/plugin-deployments-common';
import { Knex } from 'knex';
import { z } from 'zod';

/** Somebody else delivers now: whatever was about to be written is not. */
export class LostDeliveryLeaseError extends ConflictError {}

/** The right to deliver to a target, which one process has at a time. */
export interface DeliveryLease {
  target: string;
  holder: string;
  token: number;
}

/** A lease that somebody has, or had. */
export interface HeldTarget {
  target: string;
  /** Until when, by the clock of who has it, ISO 8601 */
  until: string;
  /** Another with each renewal */
  mark: string;
}

/** Something that a target has to be told. */
export interface Delivery {
  deployment: string;
  /** Number of the last event of the deployment */
  seq: number;
  /** How often it was tried in vain */
  tries: number;
  /** Since when there is something to tell, ISO 8601 */
  since: string;
  /** The first message may be there already, without being known here */
  attempted: boolean;
  /** Where the message is, as the target wrote it down */
  place: unknown;
}

const MOST_EVENTS = 200;
/** When what is new is due, whatever the clock of who took it says. */
const AT_ONCE = new Date(0).toISOString();
/** Nobody who is told something is left alone for longer: what is due later was written by another clock. */
export const LONGEST_PEACE_MS = 3_600_000;

const rowSchema = z
  .object({
    deployment_id: z.string(),
    seq: z.coerce.number(),
    tries: z.number(),
    since: z.string(),
    attempted: z.coerce.boolean(),
    place: z.string().nullable(),
  })
  .transform(
    (row): Delivery => ({
      deployment: row.deployment_id,
      seq: row.seq,
      tries: row.tries,
      since: row.since,
      attempted: row.attempted,
      place: row.place === null ? undefined : JSON.parse(row.place),
    }),
  );

/** How far each target is told of what happens. Every write is made with the lease's token. */
export class DeliveryStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** A new target is told what happens from now on, not what ever happened. */
  async add(target: string): Promise<void> {
    const [last] = await this.#db('outbox').max({ seq: 'seq' });
    await this.#db('delivery_targets')
      .insert({ name: target, seq: Number(last.seq ?? 0) })
      .onConflict('name')
      .ignore();
  }

  /**
   * Takes the right to deliver, if nobody has it or its holder is dead.
   *
   * @param options.until - ISO 8601
   * @param options.isOver - whether a lease is over, whatever the clock was that its end was written by; that it is by the
   * clock of who asks, if left out
   */
  async claim(
    target: string,
    options: {
      holder: string;
      now: string;
      until: string;
      isOver?: (held: HeldTarget) => boolean;
    },
  ): Promise<DeliveryLease | undefined> {
    const { holder, now, until } = options;
    const { isOver = held => held.until <= now } = options;
    const row = await this.#db('delivery_targets')
      .where({ name: target })
      .first();
    if (!row) return undefined;
    const held: string | null = row.lease_until;
    const mark = `${row.lease_token} ${held}`;
    if (held !== null && !isOver({ target, until: held, mark })) {
      return undefined;
    }
    const token = row.lease_token + 1;
    const changed = await this.#db('delivery_targets')
      // Not if it was renewed meanwhile.
      .where({ name: target, lease_token: row.lease_token, lease_until: held })
      .update({ lease_holder: holder, lease_token: token, lease_until: until });
    return changed === 1 ? { target, holder, token } : undefined;
  }

  /** @throws LostDeliveryLeaseError */
  async renew(lease: DeliveryLease, until: string): Promise<void> {
    await this.#write(lease, transaction =>
      transaction('delivery_targets')
        .where({ name: lease.target })
        .update({ lease_until: until }),
    );
  }

  async release({ target: name, token }: DeliveryLease): Promise<void> {
    await this.#db('delivery_targets')
      .where({ name, lease_token: token })
      .update({ lease_holder: null, lease_until: null });
  }

  /**
   * Takes events from the outbox, and notes which deployments there is something to tell of.
   *
   * @returns how many events there were
   * @throws LostDeliveryLeaseError, and nothing is taken
   */
  async take(lease: DeliveryLease, now: string): Promise<number> {
    return this.#write(lease, async (transaction, { seq }) => {
      const { target } = lease;
      const events = await transaction('outbox')
        .where('seq', '>', seq)
        .orderBy('seq')
        .limit(MOST_EVENTS)
        .select('seq', 'subject', 'type');
      for (const event of events) {
        // The feed tells of other things too, which are nobody's deployment.
        if (!eventTypes.includes(event.type)) continue;
        await transaction('deliveries')
          .insert({
            target,
            deployment_id: event.subject,
            seq: event.seq,
            due_at: AT_ONCE,
            since: now,
          })
          .onConflict(['target', 'deployment_id'])
          .merge({
            seq: event.seq,
            // What waits for another try goes on waiting.
            due_at: transaction.raw('coalesce(deliveries.due_at, ?)', [
              AT_ONCE,
            ]),
            since: transaction.raw(
              'case when deliveries.due_at is null then ? else deliveries.since end',
              [now],
            ),
          });
      }
      const last = events.at(-1);
      if (last) {
        await transaction('delivery_targets')
          .where({ name: target })
          .update({ seq: last.seq });
      }
      return events.length;
    });
  }

  /**
   * What is to be told now; nothing while the target wants to be left alone. What is due at a time that is long in coming
   * was written by a clock that was far ahead, and is due now.
   */
  async due(lease: DeliveryLease, now: string): Promise<Delivery[]> {
    const { target } = lease;
    const row = await this.#db('delivery_targets')
      .where({ name: target })
      .first();
    const peace = new Date(Date.parse(now) + LONGEST_PEACE_MS).toISOString();
    const paused = row?.paused_until;
    if (paused && paused > now && paused <= peace) return [];
    const rows = await this.#db('deliveries')
      .where({ target })
      .andWhere(due =>
        due.where('due_at', '<=', now).orWhere('due_at', '>', peace),
      )
      .orderBy('due_at')
      .orderBy('seq')
      .limit(50);
    return rows.map(one => rowSchema.parse(one));
  }

  /** Written before a first message is sent, so that whoever comes after a crash knows that there may be one. */
  async attempting(
    lease: DeliveryLease,
    delivery: Delivery,
    until: string,
  ): Promise<void> {
    await this.#write(lease, async transaction => {
      await transaction('delivery_targets')
        .where({ name: lease.target })
        .update({ lease_until: until });
      await this.#row(transaction, lease, delivery).update({ attempted: true });
    });
  }

  /** It knows what there was to tell when it was begun. */
  async delivered(
    lease: DeliveryLease,
    delivery: Delivery,
    place: unknown,
  ): Promise<void> {
    await this.#write(lease, transaction =>
      this.#row(transaction, lease, delivery).update({
        place: place === undefined ? null : JSON.stringify(place),
        attempted: false,
        tries: 0,
        due_at: transaction.raw('case when seq = ? then null else ? end', [
          delivery.seq,
          AT_ONCE,
        ]),
      }),
    );
  }

  /**
   * It is tried again later.
   *
   * @param options.attempted - whether the first message may have arrived all the same
   * @param options.dueAt - ISO 8601, no later than in {@link LONGEST_PEACE_MS}
   * @param options.pause - nothing at all is told to the target before
   */
  async postpone(
    lease: DeliveryLease,
    delivery: Delivery,
    options: { dueAt: string; attempted: boolean; pause: boolean },
  ): Promise<void> {
    const { dueAt, attempted, pause } = options;
    await this.#write(lease, async transaction => {
      await this.#row(transaction, lease, delivery).update({
        due_at: dueAt,
        tries: delivery.tries + 1,
        attempted,
      });
      if (!pause) return;
      await transaction('delivery_targets')
        .where({ name: lease.target })
        .update({ paused_until: dueAt });
    });
  }

  /** It is not tried any more. */
  async giveUp(lease: DeliveryLease, delivery: Delivery): Promise<void> {
    await this.#write(lease, transaction =>
      this.#row(transaction, lease, delivery).update({ due_at: null }),
    );
  }

  #row(db: Knex, { target }: DeliveryLease, { deployment }: Delivery) {
    return db('deliveries').where({ target, deployment_id: deployment });
  }

  /** Holds the target's row meanwhile, so that the lease cannot be taken in between. */
  async #write<T>(
    lease: DeliveryLease,
    work: (transaction: Knex.Transaction, row: { seq: number }) => Promise<T>,
  ): Promise<T> {
    const { target: name, token, holder } = lease;
    return this.#db.transaction(async transaction => {
      const query = transaction('delivery_targets')
        .where({ name, lease_token: token, lease_holder: holder })
        .first();
      const row = await (transaction.client.config.client === 'pg'
        ? query.forUpdate()
        : query);
      if (!row) {
        throw new LostDeliveryLeaseError(
          `Another process delivers to ${name} now.`,
        );
      }
      return work(transaction, { seq: Number(row.seq) });
    });
  }
}
