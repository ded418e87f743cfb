import { NotFoundError } from '@backstage/errors';
import { Knex } from 'knex';
import { createHash } from 'node:crypto';

/** What was applied, kept so that it can be put back without Git. */
export class ManifestStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** @returns sha256 of the text, by which it is found */
  async keep(text: string): Promise<string> {
    const digest = createHash('sha256').update(text).digest('hex');
    await this.#db('manifests')
      .insert({ digest, text })
      .onConflict('digest')
      .ignore();
    return digest;
  }

  /** @throws NotFoundError */
  async text(digest: string): Promise<string> {
    const row = await this.#db('manifests').where({ digest }).first();
    if (!row) {
      throw new NotFoundError(`The manifests ${digest} are not kept here.`);
    }
    return row.text;
  }
}
