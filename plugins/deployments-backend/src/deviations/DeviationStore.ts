import { ConflictError } from '@backstage/errors';
import {
  Deviation,
  deviationSchema,
  DeviationState,
} from '@highroad/plugin-deployments-common';
import { Knex } from 'knex';
import { z } from 'zod';
import { writeDeviationEvent } from './deviationEvents';

/** What is said when one is added. */
export type NewDeviation = Pick<
  Deviation,
  'guardrail' | 'service' | 'environment' | 'reason' | 'createdBy' | 'expiresAt'
>;

const text = z
  .string()
  .nullable()
  .transform(value => value ?? undefined);
const rowSchema = z.object({
  id: z.string(),
  guardrail: deviationSchema.shape.guardrail,
  service: z.string(),
  environment: z.string(),
  reason: z.string(),
  created_by: z.string(),
  created_at: z.string(),
  expires_at: z.string(),
  ended_at: text,
  ended_by: text,
});

/** The deviations that there are and were. Nothing of them is ever removed. */
export class DeviationStore {
  readonly #db: Knex;
  readonly #newId: () => string;
  readonly #now: () => Date;

  constructor(db: Knex, options: { newId: () => string; now: () => Date }) {
    this.#db = db;
    this.#newId = options.newId;
    this.#now = options.now;
  }

  /** @throws ConflictError naming the one that lifts the same guardrail there already */
  async add(wanted: NewDeviation): Promise<Deviation> {
    const now = this.#now().toISOString();
    const { guardrail, service, environment } = wanted;
    const slot = `${service} ${environment} ${guardrail}`;
    return this.#db.transaction(async transaction => {
      await transaction('deviations')
        .where({ slot })
        .andWhere('expires_at', '<=', now)
        .update({ slot: null });
      const id = this.#newId();
      const inserted = await transaction('deviations')
        .insert({
          ...{ id, guardrail, service, environment, slot },
          reason: wanted.reason,
          created_by: wanted.createdBy,
          created_at: now,
          expires_at: wanted.expiresAt,
        })
        .onConflict('slot')
        .ignore()
        .returning('id');
      if (inserted.length === 0) {
        const there = await transaction('deviations').where({ slot }).first();
        throw new ConflictError(
          there
            ? `"${guardrail}" is lifted there already, by ${there.created_by} until ${there.expires_at}. End that one first: platform deviation end ${there.id}`
            : `"${guardrail}" was lifted there by somebody else at this moment. Look again.`,
        );
      }
      const added = this.#read(
        await transaction('deviations').where({ id }).first(),
      );
      await writeDeviationEvent(
        transaction,
        'com.myorg.platform.deviation.added.1',
        added,
        { now, newId: this.#newId },
      );
      return added;
    });
  }

  async get(id: string): Promise<Deviation | undefined> {
    const row = await this.#db('deviations').where({ id }).first();
    return row && this.#read(row);
  }

  /** All of a service in an environment, newest first: those that are over too, so that it can be said that they are. */
  async of(place: {
    service: string;
    environment: string;
  }): Promise<Deviation[]> {
    const { service, environment } = place;
    const rows = await this.#db('deviations')
      .where({ service, environment })
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc');
    return rows.map(row => this.#read(row));
  }

  /** All that ever had one. */
  async services(): Promise<string[]> {
    return this.#db('deviations').distinct('service').pluck('service');
  }

  /** Newest first. `before` is the id of the last that is known. */
  async list(options: {
    services?: string[];
    environment?: string;
    state?: DeviationState[];
    before?: string;
    limit: number;
  }): Promise<Deviation[]> {
    const { services, environment, state, before, limit } = options;
    const now = this.#now().toISOString();
    const query = this.#db('deviations')
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit);
    if (services) query.whereIn('service', services);
    if (environment) query.where({ environment });
    if (state) {
      query.andWhere(any => {
        any.whereRaw('1 = 0');
        if (state.includes('ended')) any.orWhereNotNull('ended_at');
        if (state.includes('active')) {
          any.orWhere(one =>
            one.whereNull('ended_at').andWhere('expires_at', '>', now),
          );
        }
        if (state.includes('expired')) {
          any.orWhere(one =>
            one.whereNull('ended_at').andWhere('expires_at', '<=', now),
          );
        }
      });
    }
    if (before) {
      const last = await this.#db('deviations').where({ id: before }).first();
      if (!last) return [];
      query.andWhere(older =>
        older
          .where('created_at', '<', last.created_at)
          .orWhere(same =>
            same
              .where('created_at', last.created_at)
              .andWhere('id', '<', last.id),
          ),
      );
    }
    return (await query).map(row => this.#read(row));
  }

  /** @returns nothing if there was nothing to end any more */
  async end(id: string, by: string): Promise<Deviation | undefined> {
    const now = this.#now().toISOString();
    return this.#db.transaction(async transaction => {
      const changed = await transaction('deviations')
        .where({ id })
        .whereNull('ended_at')
        .andWhere('expires_at', '>', now)
        .update({ ended_at: now, ended_by: by, slot: null });
      if (changed !== 1) return undefined;
      const ended = this.#read(
        await transaction('deviations').where({ id }).first(),
      );
      await writeDeviationEvent(
        transaction,
        'com.myorg.platform.deviation.ended.1',
        ended,
        { now, newId: this.#newId },
      );
      return ended;
    });
  }

  #read(row: unknown): Deviation {
    const read = rowSchema.parse(row);
    const over = read.expires_at <= this.#now().toISOString();
    return {
      id: read.id,
      guardrail: read.guardrail,
      service: read.service,
      environment: read.environment,
      reason: read.reason,
      state: read.ended_at ? 'ended' : stateByTime(over),
      createdBy: read.created_by,
      createdAt: read.created_at,
      expiresAt: read.expires_at,
      endedAt: read.ended_at,
      endedBy: read.ended_by,
    };
  }
}

function stateByTime(over: boolean): DeviationState {
  return over ? 'expired' : 'active';
}
