import { AuthService } from '@backstage/backend-plugin-api';
import {
  Entity,
  parseEntityRef,
  RELATION_OWNED_BY,
  RELATION_PART_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { Knex } from 'knex';
import { z } from 'zod';
import { Intake } from '../service/Intake';

/** Name of the lease of whoever watches. */
export const OWNERSHIP = 'ownership';
const SOURCE = '/plugins/metrics/catalog';
const OWNED = 'com.myorg.platform.service.owned.1';
const TEMPLATE = 'backstage.io/source-template';
/** What the platform can run. */
const ELIGIBLE_TYPES = ['service', 'website', 'worker', 'application'];
const AT_ONCE = 500;
/** More that appear between two looks were made elsewhere before: a catalog reads its files, or a location was registered. */
const MOST_CREATED = 5;
/** So long after the first look, what appears may have been there before: a catalog reads its files one after the other. */
const READING_MS = 15 * 60_000;

const stateSchema = z.object({
  owner: z.string().optional(),
  system: z.string().optional(),
  eligible: z.boolean(),
  template: z.string().optional(),
});
type State = z.infer<typeof stateSchema>;

/** Writes into the ledger who owns which service, whenever that is another, so that it stays known who owned it when. */
export class OwnershipWatcher {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;
  readonly #db: Knex;
  readonly #intake: Intake;
  readonly #now: () => Date;

  constructor(options: {
    auth: AuthService;
    catalog: CatalogService;
    db: Knex;
    intake: Intake;
    now: () => Date;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#db = options.db;
    this.#intake = options.intake;
    this.#now = options.now;
  }

  /** Looks once, and writes what is another than it was. */
  async look(): Promise<void> {
    const { known, since } = await this.#known();
    const found = await this.#found();
    // A catalog without anything is one that has not read its files yet.
    if (found.size === 0) return;
    const moment = this.#now();
    const now = moment.toISOString();
    const isReading =
      since === undefined || moment.getTime() - Date.parse(since) < READING_MS;
    const fresh = [...found.keys()].filter(service => !known.has(service));
    const mayBeCreated = known.size > 0 && fresh.length <= MOST_CREATED;
    const events: object[] = [];
    const say = (type: string, service: string, data: object) =>
      events.push({
        ...{ specversion: '1.0', source: SOURCE, type, time: now },
        id: `${type} ${service} ${now}`.slice(0, 255),
        data: { service, ...data },
      });
    for (const [service, state] of found) {
      const before = known.get(service);
      if (before && JSON.stringify(before) === JSON.stringify(state)) continue;
      // When those were made that were there before somebody looked, nobody knows.
      if (!before && mayBeCreated && (state.template || !isReading)) {
        say('com.myorg.platform.service.created.1', service, {
          template: state.template,
        });
      }
      say(OWNED, service, state);
    }
    for (const [service, state] of known) {
      if (found.has(service) || !state.eligible) continue;
      say(OWNED, service, { ...state, eligible: false });
    }
    for (let from = 0; from < events.length; from += AT_ONCE) {
      await this.#intake.take(events.slice(from, from + AT_ONCE), {
        source: SOURCE,
      });
    }
  }

  /** How each service was when it was last written, and since when it is looked. */
  async #known(): Promise<{ known: Map<string, State>; since?: string }> {
    const rows = await this.#db('ledger')
      // As the index has it by which these are found.
      .whereRaw("about = ''")
      .where({ type: OWNED, source: SOURCE })
      .orderBy(['time', 'seq'])
      .select('service', 'time', 'data');
    const known = new Map(
      rows.map(({ service, data }) => [
        String(service),
        ordered(stateSchema.parse(JSON.parse(data))),
      ]),
    );
    return { known, since: rows[0]?.time };
  }

  async #found(): Promise<Map<string, State>> {
    const found = new Map<string, State>();
    const credentials = await this.#auth.getOwnServiceCredentials();
    const pages = this.#catalog.streamEntities(
      {
        filter: { kind: 'component' },
        fields: ['kind', 'metadata', 'spec.type', 'relations'],
      },
      { credentials },
    );
    for await (const page of pages) {
      for (const entity of page) {
        found.set(
          stringifyEntityRef(entity).toLocaleLowerCase('en-US'),
          stateOf(entity),
        );
      }
    }
    return found;
  }
}

function stateOf(entity: Entity): State {
  const to = (type: string, kind: string) =>
    entity.relations?.find(
      one => one.type === type && parseEntityRef(one.targetRef).kind === kind,
    )?.targetRef;
  const type = entity.spec?.type;
  return ordered({
    // What belongs to one person would be that person's numbers.
    owner: to(RELATION_OWNED_BY, 'group'),
    system: to(RELATION_PART_OF, 'system'),
    eligible: typeof type === 'string' && ELIGIBLE_TYPES.includes(type),
    template: entity.metadata.annotations?.[TEMPLATE],
  });
}

/** In one order and without what is missing, to be compared as text. */
function ordered({ owner, system, eligible, template }: State): State {
  return {
    ...(owner && { owner }),
    ...(system && { system }),
    eligible,
    ...(template && { template }),
  };
}
