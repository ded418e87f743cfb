import { NotFoundError } from '@backstage/errors';
import { Quarantined } from '@highroad/plugin-metrics-common';
import { chunksOf } from '@highroad/plugin-platform-common';
import { Knex } from 'knex';
import { z } from 'zod';
import { CHUNK } from './LedgerStore';

/** More of a bad event is not kept: nobody reads it, and it may be anything. */
const MOST_KEPT = 20_000;

const rowSchema = z
  .object({
    id: z.string(),
    source: z.string(),
    event: z
      .string()
      .nullable()
      .transform(text => text ?? undefined),
    service: z
      .string()
      .nullable()
      .transform(text => text ?? undefined),
    reason: z.string(),
    payload: z.string(),
    received_at: z.string(),
    tries: z.number(),
  })
  .transform(
    ({ received_at: receivedAt, ...rest }): Quarantined => ({
      ...rest,
      receivedAt,
    }),
  );

const cursorSchema = z.tuple([z.string(), z.string()]);

/** An event that could not be taken. */
export interface Bad {
  source: string;
  event?: string;
  /** The only service that it may be about, also when it is tried again */
  service?: string;
  reason: string;
  /** As it came */
  payload: unknown;
}

/** What could not be taken, with the reason, until somebody tries it again. */
export class QuarantineStore {
  readonly #db: Knex;
  readonly #newId: () => string;

  constructor(db: Knex, options: { newId: () => string }) {
    this.#db = db;
    this.#newId = options.newId;
  }

  async add(
    events: Bad[],
    now: string,
    transaction: Knex = this.#db,
  ): Promise<void> {
    for (const part of chunksOf(events, CHUNK)) {
      await transaction('quarantine').insert(
        part.map(({ source, event, service, reason, payload }) => ({
          id: this.#newId(),
          source: source.slice(0, 255),
          event: event?.slice(0, 255),
          ...{ service, reason },
          payload: (JSON.stringify(payload) ?? 'undefined').slice(0, MOST_KEPT),
          received_at: now,
          tries: 1,
        })),
      );
    }
  }

  /** Newest first. */
  async list(
    limit: number,
    before?: string,
  ): Promise<{ items: Quarantined[]; next?: string }> {
    const query = this.#db('quarantine')
      .orderBy([
        { column: 'received_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(limit + 1);
    if (before) {
      const [at, id] = cursorSchema.parse(before.split(' '));
      query.where(older =>
        older
          .where('received_at', '<', at)
          .orWhere(same => same.where('received_at', at).where('id', '<', id)),
      );
    }
    const items = (await query).map(row => rowSchema.parse(row));
    const shown = items.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown,
      ...(items.length > limit &&
        last && { next: `${last.receivedAt} ${last.id}` }),
    };
  }

  /**
   * Some of them, or all, a few at a time.
   *
   * @throws NotFoundError for an id that is not there
   */
  async get(ids: string[]): Promise<Quarantined[]> {
    const rows = await this.#db('quarantine').whereIn('id', ids);
    const found = rows.map(row => rowSchema.parse(row));
    const missing = ids.find(id => !found.some(one => one.id === id));
    if (missing) {
      throw new NotFoundError(
        `There is no event ${missing} in the quarantine. It may have been taken meanwhile.`,
      );
    }
    return found;
  }

  async allIds(): Promise<string[]> {
    return this.#db('quarantine').orderBy(['received_at', 'id']).pluck('id');
  }

  async remove(ids: string[], transaction: Knex = this.#db): Promise<void> {
    await transaction('quarantine').whereIn('id', ids).delete();
  }

  async failedAgain(id: string, reason: string): Promise<void> {
    await this.#db('quarantine')
      .where({ id })
      .update({ reason })
      .increment('tries', 1);
  }

  async count(): Promise<number> {
    const [row] = await this.#db('quarantine').count({ n: '*' });
    return Number(row.n);
  }
}
