import { Knex } from 'knex';
import { z } from 'zod';

const rotationSchema = z.object({
  service: z.string(),
  environment: z.string(),
  key: z.string(),
  due_at: z.string(),
  waiting: z.number(),
  problem: z
    .string()
    .nullish()
    .transform(value => value ?? undefined),
});
/** A key that is due, or whose replacement went wrong. */
export interface TroubledRotation {
  service: string;
  environment: string;
  key: string;
  /** ISO 8601 */
  dueAt: string;
  /** It is deleted, and replaced when it is put back */
  waiting: boolean;
  problem?: string;
}

const behindSchema = z.object({
  service: z.string(),
  environment: z.string(),
  message: z.string(),
});

const setSchema = z.object({
  service: z.string(),
  environment: z.string(),
  key: z.string(),
  removal: z.string().nullish(),
});
const syncedSchema = z.object({
  service: z.string(),
  environment: z.string(),
  state: z.string(),
  vault_due_at: z.string().nullish(),
  versions: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.record(z.number())),
});

/** A key in one environment. */
export interface KeyPlace {
  service: string;
  environment: string;
  key: string;
}

/** What of all services needs somebody, as far as the platform's own tables say it. */
export class AttentionStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /**
   * What is to be replaced by some time, or could not be.
   *
   * @param soon - ISO 8601
   */
  async rotations(soon: string): Promise<TroubledRotation[]> {
    const rows = await this.#db('rotations')
      .where({ ended: 0 })
      .where(some =>
        some
          .whereNotNull('problem')
          .orWhere(due => due.where({ waiting: 0 }).where('due_at', '<', soon)),
      )
      .select('service', 'environment', 'key', 'due_at', 'waiting', 'problem');
    return rows.map(row => {
      const { due_at, waiting, ...rest } = rotationSchema.parse(row);
      return { ...rest, dueAt: due_at, waiting: waiting === 1 };
    });
  }

  /** Where a cluster lacks something that Vault has. */
  async behind(): Promise<z.output<typeof behindSchema>[]> {
    const rows = await this.#db('syncs')
      .where({ state: 'behind' })
      .select('service', 'environment', 'message');
    return rows.map(row => behindSchema.parse(row));
  }

  /**
   * Which keys have a value as far as that is known without Vault: what the platform found there and brought, and, where it did
   * not look since something changed, what it set.
   */
  async set(): Promise<KeyPlace[]> {
    const newest = this.#db('versions')
      .select('service', 'environment', 'key')
      .max({ version: 'version' })
      .groupBy('service', 'environment', 'key')
      .as('n');
    const last = this.#db('removals')
      .select('service', 'environment', 'key', 'version')
      .max({ id: 'id' })
      .groupBy('service', 'environment', 'key', 'version')
      .as('l');
    const set = await this.#db
      .from(newest)
      .leftJoin(last, join =>
        join
          .on('l.service', 'n.service')
          .andOn('l.environment', 'n.environment')
          .andOn('l.key', 'n.key')
          .andOn('l.version', 'n.version'),
      )
      .leftJoin('removals as r', 'r.id', 'l.id')
      .select('n.service', 'n.environment', 'n.key', { removal: 'r.what' });
    const synced = (
      await this.#db('syncs')
        // What was left is as it was then.
        .whereNot({ state: 'left' })
        .select(
          ...['service', 'environment', 'versions', 'state', 'vault_due_at'],
        )
    ).map(row => syncedSchema.parse(row));
    // What was set there and is not among it was deleted straight in Vault.
    const complete = new Set(synced.filter(isComplete).map(placeName));
    return [
      ...set
        .map(row => setSchema.parse(row))
        .filter(
          one => one.removal !== 'deleted' && !complete.has(placeName(one)),
        )
        .map(({ service, environment, key }) => ({
          ...{ service, environment, key },
        })),
      ...synced
        .filter(one => isComplete(one) || !complete.has(placeName(one)))
        .flatMap(({ service, environment, versions }) =>
          Object.keys(versions).map(key => ({ service, environment, key })),
        ),
    ];
  }
}

/** Whether all that Vault has was brought, as it was when it was asked last, and nothing was changed since. */
function isComplete(
  one: Pick<z.output<typeof syncedSchema>, 'state' | 'vault_due_at'>,
): boolean {
  return one.state === 'synced' && Boolean(one.vault_due_at);
}

function placeName(at: Pick<KeyPlace, 'service' | 'environment'>): string {
  return `${at.environment} ${at.service}`;
}
