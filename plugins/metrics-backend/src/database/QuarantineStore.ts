import { NotFoundError } from '@backstage/errors';
import {
  cutText,
  Quarantined,
  storableText,
} from '@highroad/plugin-metrics-common';
import { chunksOf } from '@highroad/plugin-platform-common';
import { Knex } from 'knex';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CHUNK } from './LedgerStore';

/** More characters of a bad event are not kept: it may be anything. What the ledger takes is far shorter. */
const MOST_KEPT = 1_000_000;
/** Of a list: more of one nobody reads there. */
const MOST_SHOWN = 20_000;

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
    times: z.number(),
    // SQLite has numbers for these.
    cut: z.union([z.boolean(), z.number()]).transform(Boolean),
  })
  .transform(
    ({ received_at: receivedAt, cut, times, ...rest }): Quarantined => ({
      ...{ ...rest, receivedAt, times },
      ...(cut && { cut }),
    }),
  );
const SMALL_COLUMNS = [
  ...['id', 'source', 'event', 'service', 'reason', 'received_at', 'tries'],
  ...['times', 'cut'],
];

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
  /** It is only a part of that, so that it cannot be tried again */
  cut?: boolean;
}

/** What could not be taken, with the reason, until somebody tries it again or dismisses it. */
export class QuarantineStore {
  readonly #db: Knex;
  readonly #newId: () => string;

  constructor(db: Knex, options: { newId: () => string }) {
    this.#db = db;
    this.#newId = options.newId;
  }

  /** The same again is counted with what is there. */
  async add(
    events: Bad[],
    now: string,
    transaction: Knex = this.#db,
  ): Promise<void> {
    const rows = new Map<
      string,
      ReturnType<typeof rowOf> & { id: string; times: number }
    >();
    for (const event of events) {
      const row = rowOf(event);
      const { id = this.#newId(), times = 0 } = rows.get(row.digest) ?? {};
      rows.set(row.digest, { ...row, id, times: times + 1 });
    }
    // Written always in the same order, whatever they came in, so that two that keep the same don't wait for each other.
    const inOrder = [...rows.keys()].sort().flatMap(key => rows.get(key) ?? []);
    for (const part of chunksOf(inOrder, CHUNK)) {
      await transaction('quarantine')
        .insert(part.map(row => ({ ...row, received_at: now, tries: 1 })))
        .onConflict('digest')
        .merge({
          reason: transaction.raw('excluded.reason'),
          received_at: now,
          times: transaction.raw('quarantine.times + excluded.times'),
        });
    }
  }

  /** Newest first, of long ones only the beginning. */
  async list(
    limit: number,
    before?: string,
  ): Promise<{ items: Quarantined[]; next?: string }> {
    const query = this.#kept()
      .orderBy([
        { column: 'received_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(limit + 1)
      .select(
        ...SMALL_COLUMNS,
        this.#db.raw('substr(payload, 1, ?) as payload', [MOST_SHOWN]),
      );
    if (before) {
      const [at, id] = cursorSchema.parse(before.split(' '));
      query.where(older =>
        older
          .where('received_at', '<', at)
          .orWhere(same => same.where('received_at', at).where('id', '<', id)),
      );
    }
    const items = z.array(rowSchema).parse(await query);
    const shown = items.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown,
      ...(items.length > limit &&
        last && { next: `${last.receivedAt} ${last.id}` }),
    };
  }

  /** Those of some that are there. */
  async find(ids: string[]): Promise<Quarantined[]> {
    return z.array(rowSchema).parse(await this.#kept().whereIn('id', ids));
  }

  /** @throws NotFoundError for an id that is not there */
  async get(ids: string[]): Promise<Quarantined[]> {
    const found = await this.find(ids);
    const missing = ids.find(id => !found.some(one => one.id === id));
    if (missing) {
      throw new NotFoundError(
        `There is no event ${missing} in the quarantine. It may have been taken or dismissed meanwhile.`,
      );
    }
    return found;
  }

  async allIds(): Promise<string[]> {
    return this.#kept().orderBy(['received_at', 'id']).pluck('id');
  }

  async remove(ids: string[], transaction: Knex = this.#db): Promise<void> {
    await transaction('quarantine').whereIn('id', ids).delete();
  }

  /**
   * Shows some no more, also where the same comes again. What came is forgotten: it may hold anything.
   *
   * @param options.now - ISO 8601
   * @throws NotFoundError for an id that is not there; none is dismissed then
   */
  async dismiss(
    ids: string[],
    { reason, now }: { reason: string; now: string },
  ): Promise<void> {
    await this.get(ids);
    await this.#kept()
      .whereIn('id', ids)
      .update({
        ...{ dismissed_at: now, dismissed_because: reason, payload: '' },
      });
  }

  async failedAgain(id: string, reason: string): Promise<void> {
    await this.#db('quarantine')
      .where({ id })
      .update({ reason: storableText(reason) })
      .increment('tries', 1);
  }

  async count(): Promise<number> {
    const [row] = await this.#kept().count({ n: '*' });
    return Number(row.n);
  }

  #kept(): Knex.QueryBuilder {
    return this.#db('quarantine').whereNull('dismissed_at');
  }
}

function rowOf({ source, event, service, reason, payload, cut }: Bad) {
  const text = JSON.stringify(payload) ?? 'undefined';
  const isLong = text.length > MOST_KEPT;
  // It may tell again what came.
  const words = storableText(reason);
  const place = {
    ...{ source: cutText(source, 255), event: event && cutText(event, 255) },
    service,
  };
  return {
    ...place,
    digest: createHash('sha256')
      .update(JSON.stringify([...Object.values(place), text]))
      .digest('hex'),
    reason: isLong
      ? `${words}. It is too long to be kept whole, so have it sent again once that is mended: it cannot be tried again from here`
      : words,
    payload: text.slice(0, MOST_KEPT),
    cut: isLong || cut === true,
  };
}
