import { dayOf } from '@highroad/plugin-metrics-common';
import { Knex } from 'knex';
import { z } from 'zod';
import { column, Columns } from '../database/columns';
import { KNOWN } from '../database/FactStore';
import { Days } from './Day';
import type { By } from './NumberStore';
import { Filter } from './Scopes';

const MOST = 20;

const feedSchema = z.object({
  name: z.string(),
  cursor: z.coerce.number(),
  first_read_at: z.string().nullable(),
});

/** Since when something is known of the deployments of some services. */
export interface KnownTime {
  /** The first day; none where nobody tells of any of them */
  from?: string;
  services: KnownService[];
}

interface Place {
  owner: string;
  system: string;
}

export interface KnownService extends Place {
  service: string;
  /** Who else had it when something was deployed */
  places: Place[];
  /** The catalog has it as one that could be deployed, or somebody tells of deployments */
  counts: boolean;
  /** The first day of which its deployments are known */
  from?: string;
  /** The day of its creation, where that is known */
  created?: string;
}

interface All {
  services: KnownService[];
  /** The day on which this platform's own deployments were first asked for */
  asked?: string;
}

/** Finds out since when deployments are told of, service by service: what one source tells says nothing of services of another. */
export class KnownTimes {
  readonly #db: Knex;
  readonly #known = new Map<string, Promise<All>>();

  constructor(db: Knex) {
    this.#db = db;
  }

  /** Of the services of a slice: those that are in it, and those that were when something was deployed. */
  async of(filter: Filter, timeZone: string): Promise<KnownTime> {
    const { services, asked } = await this.#all(filter.environments, timeZone);
    const { owners, system, service } = filter;
    const isAll = !owners && !system && !service;
    const meant = isAll ? services : services.filter(isIn(filter));
    // What this platform is asked to do is known of, if only that it was nothing.
    return together(meant, isAll ? asked : undefined);
  }

  /**
   * The same of each owner, system or service of a slice.
   *
   * @param refsOf - where a service of an owner counts; under the owner alone if left out
   */
  async by(
    by: By,
    { filter, timeZone }: { filter: Filter; timeZone: string },
    refsOf: (owner: string) => string[] = owner => [owner],
  ): Promise<Map<string, KnownTime>> {
    const { services } = await this.#all(filter.environments, timeZone);
    const found = new Map<string, KnownService[]>();
    for (const one of services.filter(isIn(filter))) {
      const refs =
        by === 'service'
          ? [one.service]
          : [one, ...one.places].flatMap(place =>
              by === 'owner' ? refsOf(place.owner) : [place.system],
            );
      for (const ref of new Set(refs)) {
        const list = found.get(ref);
        if (list) list.push(one);
        else found.set(ref, [one]);
      }
    }
    return new Map([...found].map(([ref, list]) => [ref, together(list)]));
  }

  async #all(environments: string[], timeZone: string): Promise<All> {
    const feeds = z
      .array(feedSchema)
      .parse(await this.#db('feeds').select('name', 'cursor', 'first_read_at'));
    const revision = feeds.find(one => one.name === KNOWN)?.cursor;
    const [first] = feeds.flatMap(one => one.first_read_at ?? []).sort();
    const asked = first === undefined ? undefined : dayOf(first, timeZone);
    const key = JSON.stringify([revision, asked, environments, timeZone]);
    const known = this.#known.get(key);
    if (known) return known;
    const read = this.#read(environments, { timeZone, asked });
    this.#known.set(key, read);
    // What failed is asked for anew.
    read.catch(() => this.#known.delete(key));
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST) break;
      this.#known.delete(oldest);
    }
    return read;
  }

  async #read(
    environments: string[],
    { timeZone, asked }: { timeZone: string; asked?: string },
  ): Promise<All> {
    const [rows, firsts]: [Columns[], Columns[]] = await Promise.all([
      this.#db('service_facts').select(
        ...['service', 'owner', 'system', 'eligible', 'known'],
        ...['created_at', 'onboarded_at'],
      ),
      this.#db('known_services')
        .whereIn('environment', environments)
        .select('service', 'owner', 'system', 'day'),
    ]);
    const dayIn = (value: unknown) => {
      const at = column.textOrNone(value);
      return at === undefined ? undefined : dayOf(at, timeZone);
    };
    const services = new Map<string, KnownService>();
    for (const row of rows) {
      const service = column.text(row.service);
      const onboarded = dayIn(row.onboarded_at);
      services.set(service, {
        ...{ service, places: [] },
        owner: column.text(row.owner),
        system: column.text(row.system),
        counts: column.flag(row.known) && column.flag(row.eligible),
        created: dayIn(row.created_at),
        // Since then it is this platform that deploys it, which tells of all that it does.
        from: onboarded && asked ? [onboarded, asked].sort().at(-1) : undefined,
      });
    }
    for (const row of firsts) {
      const one = services.get(column.text(row.service));
      if (!one) continue;
      const day = column.text(row.day);
      one.from = earlier(one.from, day);
      one.places.push({
        owner: column.text(row.owner),
        system: column.text(row.system),
      });
    }
    for (const one of services.values()) one.counts ||= one.from !== undefined;
    return { services: [...services.values()], asked };
  }
}

/**
 * Of how many services that were there in a time deployments are known for the whole of it.
 *
 * @param days - the time
 */
export function wholeIn(
  { services }: KnownTime,
  days: Days,
): { known: number; of: number } {
  const there = services.filter(
    ({ counts, created }) => counts && !(created && created > days.to),
  );
  const known = there.filter(({ from, created }) => {
    const since = created && created > days.from ? created : days.from;
    return from !== undefined && from <= since;
  });
  return { known: known.length, of: there.length };
}

function together(services: KnownService[], asked?: string): KnownTime {
  const from = services.reduce(
    (first: string | undefined, one) =>
      one.from ? earlier(first, one.from) : first,
    asked,
  );
  return { services, ...(from && { from }) };
}

function isIn({ owners, system, service }: Filter) {
  const allowed = owners && new Set(owners);
  return (one: KnownService) =>
    (!service || one.service === service) &&
    [one, ...one.places].some(
      place =>
        (!allowed || allowed.has(place.owner)) &&
        (!system || place.system === system),
    );
}

function earlier(one: string | undefined, other: string): string {
  return one && one < other ? one : other;
}
