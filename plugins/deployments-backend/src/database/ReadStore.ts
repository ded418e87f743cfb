import {
  activeStates,
  Deployment,
  DeploymentDetail,
  DeploymentState,
  hasEnded,
  trafficSchema,
} from '@highroad/plugin-deployments-common';
import { chunksOf } from '@highroad/plugin-platform-common';
import { Knex } from 'knex';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { deployedServices, placesQuery } from './places';
import {
  boardColumns,
  BoardDeployment,
  boardDeploymentOf,
  deploymentOf,
  endingWishes,
  isEnd,
  shownColumns,
  stepOf,
  Wish,
  wishes,
  workItemOf,
} from './rows';

/** A service in an environment. */
export interface Place {
  service: string;
  environment: string;
}

/** Of more services than this at once, all are looked for. */
const MOST_NAMED = 500;
/** So many are read before others have their turn. */
const AT_ONCE = 500;
/** So many in a row that fail before anything is applied are looked through for one that was. */
const MOST_UNFINISHED = 100;

const openWishSchema = z
  .object({ wish: z.enum(wishes), wished_by: z.string() })
  .transform(({ wish, wished_by: by }) => ({ wish, by }));

/** What can be asked of deployments, and the little that people change directly. */
export class ReadStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  async get(id: string): Promise<DeploymentDetail | undefined> {
    const row = await this.#db('deployments').where({ id }).first();
    if (!row) return undefined;
    const [steps, traffic] = await Promise.all([
      this.#db('steps').where({ deployment_id: id }).orderBy('number'),
      this.#db('traffic')
        .select('at', 'weight')
        .where({ deployment_id: id })
        .orderBy('at'),
    ]);
    return {
      ...deploymentOf(row),
      steps: steps.map(stepOf),
      ...(traffic.length > 0 && {
        traffic: z.array(trafficSchema).parse(traffic),
      }),
    };
  }

  /** All that were ever deployed anywhere. */
  async services(): Promise<string[]> {
    return deployedServices(this.#db);
  }

  /** Newest first. `before` is the id of the last that is known. */
  async list(options: {
    services?: string[];
    environment?: string;
    state?: DeploymentState[];
    before?: string;
    limit: number;
  }): Promise<Deployment[]> {
    const { services, environment, state, before, limit } = options;
    const query = this.#db('deployments')
      .orderBy('requested_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit);
    if (services) query.whereIn('service', services);
    if (environment) query.where({ environment });
    if (state) query.whereIn('state', state);
    if (before) {
      const last = await this.#db('deployments').where({ id: before }).first();
      if (!last) return [];
      query.andWhere(older =>
        older
          .where('requested_at', '<', last.requested_at)
          .orWhere(same =>
            same
              .where('requested_at', last.requested_at)
              .andWhere('id', '<', last.id),
          ),
      );
    }
    return (await query).map(row => deploymentOf(row));
  }

  /** The last that ended well there, of those before a given one if there is one. */
  async lastGood(
    place: Place,
    before?: Deployment,
  ): Promise<Deployment | undefined> {
    const query = this.#db('deployments')
      .where({ ...place, state: 'succeeded', unchanged: false })
      .orderBy('requested_at', 'desc')
      .orderBy('id', 'desc');
    if (before) query.andWhere('requested_at', '<', before.requestedAt);
    const row = await query.first();
    return row && deploymentOf(row);
  }

  /** Those that ended well there, newest first. */
  async goodOnes(place: Place, limit: number): Promise<Deployment[]> {
    const { service, environment } = place;
    const rows = await this.#db('deployments')
      .where({ service, environment, state: 'succeeded', unchanged: false })
      .orderBy('requested_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit);
    return rows.map(row => deploymentOf(row));
  }

  /**
   * The newest since a good one that goes on, or that has ended without success and may have left something in the
   * cluster.
   */
  async unfinishedSince(
    place: Place,
    good: Deployment | undefined,
  ): Promise<Deployment | undefined> {
    const { service, environment } = place;
    const query = this.#db('deployments')
      .where({ service, environment, unchanged: false })
      .whereNot({ state: 'succeeded' })
      .orderBy('requested_at', 'desc')
      .orderBy('id', 'desc')
      .limit(MOST_UNFINISHED);
    if (good) query.andWhere('requested_at', '>', good.requestedAt);
    return (await query)
      .map(workItemOf)
      .find(
        ({ deployment: { state }, memory }) =>
          !hasEnded(state) || memory.applied || memory.inherited,
      )?.deployment;
  }

  /** The one that goes on there. */
  async active(place: Place): Promise<Deployment | undefined> {
    const row = await this.#db('deployments')
      .where({ service: place.service, environment: place.environment })
      .whereIn('state', activeStates)
      .first();
    return row && deploymentOf(row);
  }

  /** Of each service and environment, the last good one, and the last where that is another one. */
  async status(options: {
    services?: string[];
    environment?: string;
  }): Promise<Deployment[]> {
    return this.#newest(options, { columns: shownColumns, read: deploymentOf });
  }

  /** The same, with the little of each that a table of thousands is made from. */
  async board(options: { services?: string[] }): Promise<BoardDeployment[]> {
    return this.#newest(options, {
      columns: boardColumns,
      read: boardDeploymentOf,
    });
  }

  async #newest<D extends Pick<Deployment, 'state' | 'unchanged'>>(
    options: { services?: string[]; environment?: string },
    shape: { columns: string[]; read: (row: unknown) => D },
  ): Promise<D[]> {
    const { services, environment } = options;
    const isNamed = services && services.length <= MOST_NAMED;
    const places = isNamed
      ? this.#placesOf(services, environment)
      : placesQuery(this.#db, { environment });
    const rows = await this.#db('deployments as d')
      .select(shape.columns.map(column => `d.${column}`))
      .join(places.as('n'), join =>
        join
          .on('d.service', 'n.service')
          .andOn('d.environment', 'n.environment'),
      )
      .whereRaw('d.requested_at in (n.newest, n.good)');
    const wanted = isNamed || !services ? undefined : new Set(services);
    const found: D[] = [];
    for (const some of chunksOf(rows, AT_ONCE)) {
      for (const row of some) {
        if (wanted?.has(row.service) ?? true) found.push(shape.read(row));
      }
      // Reading thousands takes a while, in which nobody else would be answered.
      await setImmediate();
    }
    const isGood = ({ state, unchanged }: D) =>
      state === 'succeeded' && !unchanged;
    return [...found.filter(isGood), ...found.filter(one => !isGood(one))];
  }

  /** Places of a few services, in the columns of {@link placesQuery}. */
  #placesOf(services: string[], environment?: string) {
    const query = this.#db('deployments')
      .select('service', 'environment')
      .max({ newest: 'requested_at' })
      .select({
        good: this.#db.raw(
          'max(case when state = ? and unchanged = ? then requested_at end)',
          ['succeeded', false],
        ),
      })
      .whereIn('service', services)
      .groupBy('service', 'environment');
    if (environment) query.where({ environment });
    return query;
  }

  async some(ids: string[]): Promise<Deployment[]> {
    const rows = await this.#db('deployments').whereIn('id', ids);
    return rows.map(row => deploymentOf(row));
  }

  /**
   * Writes down what somebody wants. What was wanted before and is not done yet is not written over, but by an end.
   *
   * @param wanted.seen - the revision that it was wanted of, if only of that
   * @returns whether it was written
   */
  async wish(
    id: string,
    wanted: {
      wish: Wish;
      by: string;
      reason?: string;
      now: string;
      seen?: number;
    },
  ): Promise<boolean> {
    const { wish, by, reason, now, seen } = wanted;
    const changed = await this.#db('deployments')
      .where({ id, ...(seen !== undefined && { revision: seen }) })
      .whereIn('state', activeStates)
      .andWhere(open => {
        open.whereNull('wish');
        // An end that was asked for is not taken back by what is asked for after it.
        if (isEnd(wish)) open.orWhereNotIn('wish', endingWishes);
      })
      .update({
        wish,
        wished_by: by,
        wish_reason: reason ?? null,
        due_at: now,
        revision: this.#db.raw('revision + 1'),
      });
    return changed === 1;
  }

  /** What is wanted of one that goes on, and is not done yet. */
  async openWish(id: string): Promise<{ wish: Wish; by: string } | undefined> {
    const row = await this.#db('deployments')
      .select('wish', 'wished_by')
      .where({ id })
      .whereIn('state', activeStates)
      .whereNotNull('wish')
      .first();
    return row && openWishSchema.parse(row);
  }

  /** @returns whether it was waiting for that */
  async approve(id: string, by: string, now: string): Promise<boolean> {
    const changed = await this.#db('deployments')
      .where({ id, state: 'waiting-for-approval' })
      .whereNull('approved_by')
      .whereNot({ requested_by: by })
      .update({
        approved_by: by,
        due_at: now,
        revision: this.#db.raw('revision + 1'),
      });
    return changed === 1;
  }
}
