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
    if (!row) throw notKept(digest);
    return row.text;
  }

  /**
   * Several at once.
   *
   * @returns by digest
   * @throws NotFoundError for the first that is not there
   */
  async texts(digests: string[]): Promise<Map<string, string>> {
    if (digests.length === 0) return new Map();
    const rows = await this.#db('manifests').whereIn('digest', digests);
    const texts = new Map<string, string>(
      rows.map(({ digest, text }) => [digest, text]),
    );
    const lacking = digests.find(digest => !texts.has(digest));
    if (lacking !== undefined) throw notKept(lacking);
    return texts;
  }
}

function notKept(digest: string): NotFoundError {
  return new NotFoundError(`The manifests ${digest} are not kept here.`);
}
