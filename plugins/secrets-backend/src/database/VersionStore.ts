import { SecretVersion } from '@highroad/plugin-secrets-common';
import { Knex } from 'knex';
import { z } from 'zod';
import { SecretPath } from '../drivers/vault/SecretPath';

const rowSchema = z.object({
  key: z.string(),
  version: z.number(),
  actor: z.string(),
  how: z.enum(['set', 'import', 'restore', 'rotate']),
  bytes: z
    .number()
    .nullish()
    .transform(value => value ?? undefined),
});

/** Who wrote a version, and how. Vault itself knows the platform only. */
export interface Authorship {
  key: string;
  version: number;
  actor: string;
  how: NonNullable<SecretVersion['how']>;
  /** Size of the value, rounded up; not known of what was written before sizes were kept */
  bytes?: number;
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

/** A newer version that was written so long before is of the time before its key began again; a shorter while may be a race. */
const LATE_MS = 3_600_000;

export class VersionStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** @param at - ISO 8601 */
  async add(
    path: SecretPath,
    written: Omit<Authorship, 'key'>,
    at: string,
  ): Promise<void> {
    // A key that was taken out of Vault whole begins again with version 1.
    const { service, environment, key } = path;
    const { version } = written;
    await this.#db('removals')
      .where({ service, environment, key, version })
      .delete();
    const before = new Date(Date.parse(at) - LATE_MS).toISOString();
    await this.#db('versions')
      .where({ service, environment, key })
      .where('version', '>', version)
      .where('at', '<', before)
      .delete();
    await this.#db('versions')
      .insert({ ...path, ...written, at })
      .onConflict(['service', 'environment', 'key', 'version'])
      .merge();
  }

  async of(place: Omit<SecretPath, 'key'>): Promise<Authorship[]> {
    const rows = await this.#db('versions')
      .select('key', 'version', 'actor', 'how', 'bytes')
      .where({
        service: place.service,
        environment: place.environment,
      });
    return rows.map(row => rowSchema.parse(row));
  }

  /** @returns nothing for a version that is not known who wrote it */
  async author(
    { service, environment, key }: SecretPath,
    version: number,
  ): Promise<Authorship | undefined> {
    const row = await this.#db('versions')
      .first('key', 'version', 'actor', 'how', 'bytes')
      .where({ service, environment, key, version });
    return row && rowSchema.parse(row);
  }

  async addRemoval(
    path: SecretPath,
    removal: Omit<Removal, 'key'>,
  ): Promise<void> {
    const { service, environment, key } = path;
    const { version, what, actor, at } = removal;
    await this.#db('removals').insert({
      ...{ service, environment, key, version, what, actor, at },
    });
  }

  /** In the order in which they came. */
  async removals(place: Omit<SecretPath, 'key'>): Promise<Removal[]> {
    const { service, environment } = place;
    const rows = await this.#db('removals')
      .select('key', 'version', 'what', 'actor', 'at')
      .where({ service, environment })
      .orderBy('id');
    return rows.map(row => removalSchema.parse(row));
  }
}
