import { dayOf } from '@highroad/plugin-metrics-common';
import { Knex } from 'knex';
import { Columns } from '../../database/columns';
import { RepositoryStore } from '../../gitHosts/RepositoryStore';
import { NumberStore } from '../NumberStore';
import { Filter } from '../Scopes';
import { EligibleService, readService } from './EligibleService';
import { Onboarded, windowsOf } from './deflection';

const OWNED = 'com.myorg.platform.service.owned.1';

/** Services that the platform could run. */
export interface Catalogue {
  /** By name */
  services: EligibleService[];
  /** The first day of which it is known which there were; none where none is known */
  servicesFrom?: string;
  /** Those that were onboarded, with their tickets; none where nothing tells of tickets */
  windows?: Onboarded[];
}

/** Reads what adoption is counted from, once for all that is asked until something else was computed. */
export class AdoptionStore {
  readonly #db: Knex;
  readonly #numbers: Pick<NumberStore, 'revision'>;
  readonly #repositories: RepositoryStore;
  readonly #timeZone: string;
  #known: { state: string; all: Promise<Catalogue> } | undefined;

  constructor(options: {
    db: Knex;
    numbers: Pick<NumberStore, 'revision'>;
    timeZone: string;
  }) {
    this.#db = options.db;
    this.#numbers = options.numbers;
    this.#repositories = new RepositoryStore(options.db);
    this.#timeZone = options.timeZone;
  }

  /** Those of whoever owns them now. */
  async of(filter: Filter): Promise<Catalogue> {
    const { owners, system, service } = filter;
    const { services, servicesFrom, windows } = await this.#all();
    const allowed = owners && new Set(owners);
    const isMeant = (one: EligibleService) =>
      (!allowed || allowed.has(one.owner)) &&
      (!system || one.system === system) &&
      (!service || one.service === service);
    return {
      services: services.filter(isMeant),
      servicesFrom,
      windows: windows?.filter(one => isMeant(one.service)),
    };
  }

  async #all(): Promise<Catalogue> {
    const [revision, ticketsFrom] = await Promise.all([
      this.#numbers.revision(),
      this.#repositories.ticketsFrom(),
    ]);
    const state = JSON.stringify([revision, ticketsFrom]);
    if (this.#known?.state === state) return this.#known.all;
    const known = { state, all: this.#read(ticketsFrom) };
    this.#known = known;
    // What failed is asked for anew.
    known.all.catch(() => {
      if (this.#known === known) this.#known = undefined;
    });
    return known.all;
  }

  /** @param ticketsFrom - since when those of Git hosts are known, also where there are none */
  async #read(ticketsFrom: string | undefined): Promise<Catalogue> {
    const [rows, from, tellsOfTickets] = await Promise.all([
      this.#db('service_facts')
        .where({ known: true, eligible: true })
        .orderBy('service'),
      this.#servicesFrom(),
      this.#db('source_kinds').where('type', 'like', '%.ticket.%').first(),
    ]);
    const services = rows.map((row: Columns) =>
      readService(row, this.#timeZone),
    );
    return {
      services,
      ...(from && { servicesFrom: dayOf(from, this.#timeZone) }),
      ...((tellsOfTickets || ticketsFrom !== undefined) && {
        windows: windowsOf(services, this.#timeZone, ticketsFrom),
      }),
    };
  }

  /** When it was told first what the catalog has. */
  async #servicesFrom(): Promise<string | undefined> {
    const known = this.#db('service_facts').where({ known: true });
    const row = await this.#db('ledger')
      // What such events are about, by which they are found for each service.
      .where({ about: '', type: OWNED })
      .whereIn('service', known.select('service'))
      .min({ time: 'time' })
      .first();
    return row?.time ?? undefined;
  }
}
