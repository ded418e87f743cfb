import { Knex } from 'knex';
import { Filter } from '../Scopes';
import { AdoptionService, readService } from './AdoptionService';

const OWNED = 'com.myorg.platform.service.owned.1';

/** Reads what adoption is counted from. */
export class AdoptionStore {
  readonly #db: Knex;
  readonly #timeZone: string;

  constructor(options: { db: Knex; timeZone: string }) {
    this.#db = options.db;
    this.#timeZone = options.timeZone;
  }

  /** Services of the catalog that the platform could run, by name, of whoever owns them now. */
  async services(filter: Filter): Promise<AdoptionService[]> {
    const { owners, system, service } = filter;
    const query = this.#db('service_facts')
      .where({ known: true, eligible: true })
      .orderBy('service');
    if (owners) query.whereIn('owner', owners);
    if (system) query.where({ system });
    if (service) query.where({ service });
    const rows: unknown[] = await query;
    return rows.map(row => readService(row, this.#timeZone));
  }

  /** When it was told first what the catalog has; none before that. */
  async servicesFrom(): Promise<string | undefined> {
    const known = this.#db('service_facts').where({ known: true });
    const row = await this.#db('ledger')
      // What such events are about, by which they are found for each service.
      .where({ about: '', type: OWNED })
      .whereIn('service', known.select('service'))
      .min({ time: 'time' })
      .first();
    return row?.time ?? undefined;
  }

  /**
   * Whether anybody tells of tickets, and when the first was written, of whichever service.
   *
   * @returns nothing where nobody does
   */
  async tickets(): Promise<{ from?: number } | undefined> {
    const told = await this.#db('source_kinds')
      .where('type', 'like', '%.ticket.%')
      .first('type');
    if (!told) return undefined;
    const services: unknown[] = await this.#db('service_facts')
      .where({ known: true, eligible: true })
      .whereNot({ tickets: '[]' });
    const all = services.flatMap(
      row => readService(row, this.#timeZone).tickets,
    );
    return { from: all.sort((a, b) => a - b)[0] };
  }
}
