import { AuthService } from '@backstage/backend-plugin-api';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { readEntities } from '../readEntities';
import { referenceFields, referencesToCheck } from './referenceFindings';

const PAGE = 1000;
const KINDS = ['component', 'api', 'resource', 'system', 'domain'];

// A result is kept for twenty times as long as it took to make, so that
// comparing never takes more than a twentieth of the time.
const KEEP_FACTOR = 20;
const KEEP_AT_LEAST_MS = 2_000;
const KEEP_AT_MOST_MS = 5 * 60_000;

export interface Dangling {
  /** References that lead nowhere. */
  missing: ReadonlySet<string>;
  /** References of the entities that name one of them. */
  sources: readonly string[];
  checkedAt: Date;
}

/**
 * Knows which references in the catalog lead nowhere.
 *
 * It looks with the backend's own rights, because "does not exist" and "may not
 * be seen" must not be confused. What it returns is therefore not for people:
 * show only what they can see among `sources`, read with their rights.
 */
export class DanglingReferences {
  readonly #catalog: CatalogService;
  readonly #auth: AuthService;
  readonly #now: () => Date;
  #kept?: { value: Dangling; until: number };
  #running?: Promise<Dangling>;

  constructor(options: {
    catalog: CatalogService;
    auth: AuthService;
    now?: () => Date;
  }) {
    this.#catalog = options.catalog;
    this.#auth = options.auth;
    this.#now = options.now ?? (() => new Date());
  }

  /** The newest result; requests that arrive while it is made share it. */
  async current(): Promise<Dangling> {
    if (this.#kept && this.#now().getTime() < this.#kept.until) {
      return this.#kept.value;
    }
    this.#running ??= this.#compareAndKeep().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Which of some references lead nowhere, looked up at once. */
  async missingAmong(refs: string[]): Promise<ReadonlySet<string>> {
    const unique = [...new Set(refs)];
    const found = await readEntities(this.#catalog, unique, {
      credentials: await this.#auth.getOwnServiceCredentials(),
      fields: ['kind', 'metadata.namespace', 'metadata.name'],
    });
    return new Set(unique.filter(ref => !found.has(ref)));
  }

  async #compareAndKeep(): Promise<Dangling> {
    const started = this.#now();
    const value = await this.#compare(started);
    const ended = this.#now().getTime();
    const keep = (ended - started.getTime()) * KEEP_FACTOR;
    this.#kept = {
      value,
      until:
        ended + Math.min(Math.max(keep, KEEP_AT_LEAST_MS), KEEP_AT_MOST_MS),
    };
    return value;
  }

  async #compare(checkedAt: Date): Promise<Dangling> {
    const names = new Map<string, string[]>();
    for await (const entity of this.#all()) {
      names.set(stringifyEntityRef(entity), referencesToCheck(entity));
    }
    const unknown = [...names.values()].flat().filter(ref => !names.has(ref));
    const missing = await this.missingAmong(unknown);
    const sources = [...names]
      .filter(([, refs]) => refs.some(ref => missing.has(ref)))
      .map(([ref]) => ref);
    return { missing, sources, checkedAt };
  }

  async *#all(): AsyncGenerator<Entity> {
    const credentials = await this.#auth.getOwnServiceCredentials();
    let cursor: string | undefined;
    do {
      const page = await this.#catalog.queryEntities(
        cursor
          ? { cursor, limit: PAGE, fields: referenceFields }
          : {
              filter: { kind: KINDS },
              limit: PAGE,
              fields: referenceFields,
              totalItems: 'exclude',
            },
        { credentials },
      );
      yield* page.items;
      cursor = page.pageInfo.nextCursor;
    } while (cursor);
  }
}
