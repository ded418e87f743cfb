import {
  AdoptionBehindInput,
  AdoptionDetail,
  Scope,
} from '@highroad/plugin-metrics-common';
import { chunksOf } from '@highroad/plugin-platform-common';
import { Call, onlyVisible } from '@highroad/plugin-platform-node';
import { Knex } from 'knex';
import { column, Columns } from '../../database/columns';
import { LedgerStore } from '../../database/LedgerStore';
import { sortEvents } from '../../facts/ServiceEvents';
import { Numbers } from '../Numbers';
import { NumberStore } from '../NumberStore';
import { Resolved, Scopes } from '../Scopes';
import { readServices } from './AdoptionKnowledge';
import { AdoptionStore } from './AdoptionStore';
import { windowOf } from './deflection';
import { judge, ServiceKey } from './judge';
import { Judged, MadeBy } from './judged';
import { Asked, inOrder, listed } from './listed';
import {
  deployedServices,
  productionDeployments,
} from './ProductionDeployments';

const MOST_TICKETS = 50;
/** As tickets are. */
const OF_NO_ENVIRONMENT = {
  isProduction: () => false,
  mainProduction: 'production',
};
/** Read at once where all are. */
const PAGE = 1_000;

interface Page {
  items: AdoptionDetail[];
  next?: string;
}

/** Tells of the services and deployments that numbers of adoption were taken from. */
export class AdoptionDetails {
  readonly #days: NumberStore;
  readonly #db: Knex;
  readonly #ledger: LedgerStore;
  readonly #now: () => Date;
  readonly #numbers: Pick<Numbers, 'scope'>;
  readonly #scopes: Scopes;
  readonly #store: AdoptionStore;

  constructor(options: {
    days: NumberStore;
    db: Knex;
    ledger: LedgerStore;
    now: () => Date;
    numbers: Pick<Numbers, 'scope'>;
    scopes: Scopes;
    store: AdoptionStore;
  }) {
    this.#days = options.days;
    this.#db = options.db;
    this.#ledger = options.ledger;
    this.#now = options.now;
    this.#numbers = options.numbers;
    this.#scopes = options.scopes;
    this.#store = options.store;
  }

  /**
   * Deployments: the newest first; services: those that do not count first, each by name. A page at a time.
   *
   * @param visible - other services are left out
   * @throws InputError for a cursor that is none
   */
  async of(
    input: AdoptionBehindInput & Asked,
    visible: Call['visible'],
  ): Promise<Page & { scope: Scope }> {
    const resolved = await this.#scopes.resolve(input);
    const page = await this.#page(resolved, input, visible);
    return { scope: await this.#numbers.scope(resolved), ...page };
  }

  /**
   * All of them, in the same order.
   *
   * @param visible - other services are left out
   */
  async *all(
    input: AdoptionBehindInput,
    visible: Call['visible'],
  ): AsyncIterable<AdoptionDetail> {
    const { key, counts } = input;
    const resolved = await this.#scopes.resolve(input);
    if (key === 'golden-path') {
      yield* this.#allDeployments(resolved, counts, visible);
      return;
    }
    // Judged once: what begins to count meanwhile would have another place on the next page, and come twice.
    const seen = await this.#judged(resolved, key, visible);
    for (const part of chunksOf(inOrder(seen, counts), PAGE)) {
      yield* await this.#described(part);
    }
  }

  async *#allDeployments(
    resolved: Resolved,
    counts: boolean | undefined,
    visible: Call['visible'],
  ): AsyncIterable<AdoptionDetail> {
    const shown = await deployedServices(this.#db, resolved, visible);
    let before: string | undefined;
    do {
      const { items, next } = await productionDeployments(
        this.#db,
        resolved,
        { counts, before, limit: PAGE },
        shown,
      );
      yield* items;
      before = next;
    } while (before !== undefined);
  }

  async #page(
    resolved: Resolved,
    input: AdoptionBehindInput & Asked,
    visible: Call['visible'],
  ): Promise<Page> {
    const { key } = input;
    if (key === 'golden-path') {
      const shown = await deployedServices(this.#db, resolved, visible);
      return productionDeployments(this.#db, resolved, input, shown);
    }
    const seen = await this.#judged(resolved, key, visible);
    const { page, next } = listed(seen, input);
    const [items, tickets] = await Promise.all([
      this.#described(page),
      key === 'deflection' ? this.#tickets(page) : undefined,
    ]);
    return {
      items: items.map(one => ({
        ...one,
        ...(tickets && { tickets: tickets.get(one.service) }),
      })),
      ...(next && { next }),
    };
  }

  async #judged(
    resolved: Resolved,
    key: ServiceKey,
    visible: Call['visible'],
  ): Promise<Judged[]> {
    const known = await readServices(resolved, {
      ...{ numbers: this.#days, store: this.#store, now: this.#now() },
    });
    return onlyVisible(judge(key, resolved.range, known), {
      referenceOf: one => one.service.service,
      visible,
    });
  }

  async #described(page: Judged[]): Promise<AdoptionDetail[]> {
    const deployments = await this.#deployments(page);
    return page.map(one => described(one, deployments.get(keyOf(one))));
  }

  /** The deployments that made services count, by service and time. */
  async #deployments(page: Judged[]): Promise<Map<string, MadeBy>> {
    const places = page.flatMap(({ service, deployedAt }) =>
      deployedAt ? [[service.service, deployedAt]] : [],
    );
    const rows: Columns[] =
      places.length === 0
        ? []
        : await this.#db('deployment_facts')
            .where({ delivered: true })
            .whereIn(['service', 'finished_at'], places)
            .orderBy('deployment')
            .select('service', 'finished_at', 'deployment', 'version', 'url');
    return new Map(
      rows.map(row => [
        JSON.stringify([row.service, row.finished_at]),
        {
          id: column.text(row.deployment),
          version: column.textOrNone(row.version),
          url: column.addressOrNone(row.url),
        },
      ]),
    );
  }

  /** Those of both windows of each service, the first of them. */
  async #tickets(
    page: Judged[],
  ): Promise<Map<string, AdoptionDetail['tickets']>> {
    const services = page.map(one => one.service);
    const told = await this.#ledger.tickets(services.map(one => one.service));
    return new Map(
      services.map(service => {
        const { tickets } = sortEvents(
          told.get(service.service) ?? [],
          OF_NO_ENVIRONMENT,
        );
        const within = tickets.flatMap(one => {
          const window = windowOf(service, one.at);
          return window ? [{ ...one, window }] : [];
        });
        return [service.service, within.slice(0, MOST_TICKETS)];
      }),
    );
  }
}

function keyOf({ service, deployedAt }: Judged): string {
  return JSON.stringify([service.service, deployedAt]);
}

function described(one: Judged, deployment?: MadeBy): AdoptionDetail {
  const { service, owner, example } = one.service;
  const { counts, environment, at, ticketCounts } = one;
  return {
    ...{ service, example, counts, environment, at, deployment },
    ...(owner && { owner }),
    ...(ticketCounts && { ticketCounts }),
    why: one.why(deployment),
  };
}
