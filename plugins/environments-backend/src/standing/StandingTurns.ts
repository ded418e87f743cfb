import { ServiceUnavailableError } from '@backstage/errors';
import { Knex } from 'knex';

/** Longer than making all databases of a service takes. */
const LEASE_MS = 300_000;

/** Sees to it that of two who make the databases of a service in an environment one waits. */
export class StandingTurns {
  readonly #db: Knex;
  readonly #newId: () => string;
  readonly #now: () => Date;

  constructor(db: Knex, options: { newId: () => string; now: () => Date }) {
    this.#db = db;
    this.#newId = options.newId;
    this.#now = options.now;
  }

  /** @throws ServiceUnavailableError while somebody else is at it */
  async alone<T>(
    place: { service: string; environment: string },
    work: () => Promise<T>,
  ): Promise<T> {
    const holder = this.#newId();
    await this.#take(place, holder);
    try {
      return await work();
    } finally {
      await this.#db('standing_work')
        .where({ ...place, holder })
        .delete();
    }
  }

  async #take(
    place: { service: string; environment: string },
    holder: string,
  ): Promise<void> {
    const now = this.#now();
    const lease = {
      holder,
      held_until: new Date(now.getTime() + LEASE_MS).toISOString(),
    };
    await this.#db('standing_work')
      .insert({ ...place, ...lease })
      .onConflict(['service', 'environment'])
      .ignore();
    // Of a process that is gone.
    await this.#db('standing_work')
      .where(place)
      .where('held_until', '<=', now.toISOString())
      .update(lease);
    const row = await this.#db('standing_work').where(place).first();
    if (row?.holder === holder) return;
    throw new ServiceUnavailableError(
      `The databases of ${place.service} in ${place.environment} are being made at this moment.`,
    );
  }
}
