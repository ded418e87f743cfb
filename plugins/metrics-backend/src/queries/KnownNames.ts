import { NotFoundError } from '@backstage/errors';
import { nearestNames } from '@highroad/plugin-platform-common';
import { Knex } from 'knex';

/** What numbers can be asked of: what is configured or in the catalog, and what was told of, also where it is gone since. */
export class KnownNames {
  readonly #db: Knex;
  readonly #environments: string[];
  readonly #isInCatalog: (ref: string) => Promise<boolean>;

  /** @param options.environments - names of those that are configured */
  constructor(options: {
    db: Knex;
    environments: string[];
    isInCatalog: (ref: string) => Promise<boolean>;
  }) {
    this.#db = options.db;
    this.#environments = options.environments;
    this.#isInCatalog = options.isInCatalog;
  }

  /** @throws NotFoundError with the names that there are */
  async requireEnvironment(name: string): Promise<void> {
    if (this.#environments.includes(name)) return;
    if (await this.#db('daily').where({ environment: name }).first('day')) {
      return;
    }
    const told = await this.#db('day_revisions').distinct('environment');
    const names = [
      ...new Set([
        ...this.#environments,
        ...told.map(one => String(one.environment)),
      ]),
    ].sort();
    const [near] = nearestNames(name, names);
    throw new NotFoundError(
      `There is no environment "${name}"${
        near ? `; did you mean ${near}?` : '.'
      } Known are ${names.join(', ') || 'none'}.`,
    );
  }

  /**
   * @param ref - of a group, system or service
   * @throws NotFoundError
   */
  async requireSlice(ref: string): Promise<void> {
    const [kind] = ref.split(':');
    const told =
      kind === 'component'
        ? this.#db('service_facts').where({ service: ref })
        : this.#db('rollups').where({
            dimension: kind === 'group' ? 'owner' : 'system',
            ref,
          });
    if (await told.first(this.#db.raw('1'))) return;
    if (await this.#isInCatalog(ref)) return;
    throw new NotFoundError(
      `There is no ${ref}: neither in the catalog nor among what was told of.`,
    );
  }
}
