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
  /** By name; of a group or system, all that were its own at any time */
  services: EligibleService[];
  /** The first day of which it is known which there were; none where none is known */
  servicesFrom?: string;
  /** Those that were onboarded, with their tickets; none where nothing tells of tickets */
  windows?: Onboarded[];
  /** Whether it is asked for services of whose it is at a time; left out where all of these are, at any time */
  isMeant?: (service: EligibleService) => boolean;
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

  /** Those that are asked for, and those that were at another time. */
  async of(filter: Filter): Promise<Catalogue> {
    const { owners, system, service } = filter;
    const all = await this.#all();
    const allowed = owners && new Set(owners);
    const isOf = (one: { owner: string; system: string }) =>
      (!allowed || allowed.has(one.owner)) &&
      (!system || one.system === system);
    const isMeant = (one: EligibleService) =>
      isOf(one) && (!service || one.service === service);
    const wasMeant = (one: EligibleService) =>
      isMeant(one) ||
      (one.owners.some(isOf) && (!service || one.service === service));
    const services = all.services.filter(wasMeant);
    return {
      ...{ services, servicesFrom: all.servicesFrom },
      windows: all.windows?.filter(one => wasMeant(one.service)),
      ...((allowed || system) &&
        services.some(one => one.owners.length > 0) && { isMeant }),
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
