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
    // A key that was destroyed in Vault begins again with version 1.
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
}
