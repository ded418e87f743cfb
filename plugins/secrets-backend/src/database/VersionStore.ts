import {
  RotationRule,
  rotationRuleShape,
  SecretVersion,
} from '@highroad/plugin-secrets-common';
import { Knex } from 'knex';
import { z } from 'zod';
import { SecretPath } from '../drivers/vault/SecretPath';
import { isBy, isOver, KnownVersion, WhichVersion } from './whichVersion';

const missing = <T>(value: T | null | undefined) => value ?? undefined;
const { generator, settings } = rotationRuleShape;
const makerSchema = z.object({ generator, settings });
const rowSchema = z.object({
  key: z.string(),
  version: z.number(),
  actor: z.string(),
  how: z.enum(['set', 'import', 'restore', 'rotate']),
  bytes: z.number().nullish().transform(missing),
  at: z.string(),
  made: z.string().nullish().transform(missing),
  anew: z.number(),
});
type Row = z.output<typeof rowSchema>;
const keySchema = z.object({ service: z.string(), key: z.string() });
const COLUMNS = Object.keys(rowSchema.shape);

/** What makes values of a key, and how. */
export type Maker = Pick<RotationRule, 'generator' | 'settings'>;

/** Who wrote a version, and how. Vault itself knows the platform only. */
export interface Authorship extends KnownVersion {
  key: string;
  actor: string;
  how: NonNullable<SecretVersion['how']>;
  /** Size of the value, rounded up; not known of what was written before sizes were kept */
  bytes?: number;
}

/** What was written. */
export interface Written
  extends Pick<Authorship, 'actor' | 'bytes' | 'how' | 'made' | 'version'> {
  /** What replaced the one before it by this one */
  maker?: Maker;
}

const removalSchema = z.object({
  key: z.string(),
  version: z.number(),
  what: z.enum(['deleted', 'undeleted']),
  actor: z.string(),
  at: z.string(),
});
/** That a version was taken away or put back. Vault keeps no more of it than when it was last deleted, while it is. */
export type Removal = z.output<typeof removalSchema>;

export class VersionStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /**
   * Keeps all of it, or where that fails nothing: what was known before is known then as it was.
   *
   * @param at - ISO 8601
   * @param oldest - that Vault keeps: what is known of older ones is forgotten
   */
  async add(
    path: SecretPath,
    written: Written,
    at: string,
    oldest = 0,
  ): Promise<void> {
    const { maker, ...known } = written;
    const { version } = written;
    await this.#db.transaction(async db => {
      const rows = await new VersionStore(db).of(path);
      const over = rows.filter(row => isOver(row, { ...known, at }));
      const gone = over.map(row => row.version).filter(one => one > version);
      const forgotten = (table: string) =>
        db(table)
          .where(keyOf(path))
          .where(these =>
            these.where('version', '<', oldest).orWhereIn('version', gone),
          )
          .delete();
      await forgotten('versions');
      await forgotten('removals');
      await db('removals')
        .where({ ...keyOf(path), version })
        .delete();
      await db('versions')
        .insert({
          ...{ ...keyOf(path), ...known, at },
          anew: over.length > 0 || rows.some(row => row.anew) ? 1 : 0,
          generator: maker ? JSON.stringify(maker) : null,
        })
        .onConflict(['service', 'environment', 'key', 'version'])
        .merge();
    });
  }

  /** @param place.key - of this key alone; of all, if left out */
  async of(place: Omit<SecretPath, 'key'> & { key?: string }): Promise<Row[]> {
    const rows = await this.#db('versions').select(COLUMNS).where(keyOf(place));
    return rows.map(row => rowSchema.parse(row));
  }

  /**
   * Names of keys of which somebody wrote a version, in whichever environment, by service.
   *
   * @param actor - such as `plugin:environments`
   * @param service - this one alone; all, if left out
   */
  async keysBy(
    actor: string,
    service?: string,
  ): Promise<Map<string, string[]>> {
    const rows = await this.#db('versions')
      .distinct('service', 'key')
      .where({ actor, ...(service !== undefined && { service }) })
      .orderBy('key');
    const found = new Map<string, string[]>();
    for (const row of rows) {
      const { service: of, key } = keySchema.parse(row);
      found.set(of, [...(found.get(of) ?? []), key]);
    }
    return found;
  }

  /** @returns nothing for a version that is not known who wrote it */
  async author(
    path: SecretPath,
    which: WhichVersion | undefined,
  ): Promise<Authorship | undefined> {
    if (!which) return undefined;
    const row = await this.#db('versions')
      .first(COLUMNS)
      .where({ ...keyOf(path), version: which.version });
    const author = row && rowSchema.parse(row);
    return author && isBy(author, which) ? author : undefined;
  }

  /** What made versions of a key that are known, each once. What another version of the portal wrote in another way is left out. */
  async makers(path: SecretPath): Promise<Maker[]> {
    const rows = await this.#db('versions')
      .distinct('generator')
      .where(keyOf(path))
      .whereNotNull('generator')
      .orderBy('generator');
    return rows.flatMap(row => {
      const read = makerSchema.safeParse(JSON.parse(row.generator));
      return read.success ? [read.data] : [];
    });
  }

  async addRemoval(
    path: SecretPath,
    removal: Omit<Removal, 'key'>,
  ): Promise<void> {
    const { version, what, actor, at } = removal;
    await this.#db('removals').insert({
      ...{ ...keyOf(path), version, what, actor, at },
    });
  }

  /**
   * In the order in which they came.
   *
   * @param place.key - of this key alone; of all, if left out
   */
  async removals(
    place: Omit<SecretPath, 'key'> & { key?: string },
  ): Promise<Removal[]> {
    const rows = await this.#db('removals')
      .select('key', 'version', 'what', 'actor', 'at')
      .where(keyOf(place))
      .orderBy('id');
    return rows.map(row => removalSchema.parse(row));
  }
}

function keyOf<T extends Omit<SecretPath, 'key'> & { key?: string }>({
  service,
  environment,
  key,
}: T) {
  return { service, environment, ...(key !== undefined && { key }) };
}
