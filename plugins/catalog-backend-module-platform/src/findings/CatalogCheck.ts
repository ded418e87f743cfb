import { AuthService } from '@backstage/backend-plugin-api';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { readEntities } from '../readEntities';
import {
  processingErrors,
  processingFields,
  unreadableFiles,
} from './processingFindings';
import { referenceFields, referencesToCheck } from './referenceFindings';

const fields = [...referenceFields, ...processingFields];
const PAGE = 1000;
const KINDS = [
  ...['component', 'api', 'resource', 'system', 'domain', 'location'],
];

// A result is kept for twenty times as long as it took to make, so that
// comparing never takes more than a twentieth of the time.
const KEEP_FACTOR = 20;
const KEEP_AT_LEAST_MS = 2_000;
const KEEP_AT_MOST_MS = 5 * 60_000;

/** What is wrong in the catalog as a whole. */
export interface Checked {
  /** References that lead nowhere. */
  missing: ReadonlySet<string>;
  /** References of the entities that name one of them. */
  sources: readonly string[];
  /** References of the entities that could not be processed as they are now. */
  failed: readonly string[];
  /** Files that could not be read, as `managed-by-location` names them, and why. */
  unreadable: ReadonlyMap<string, string>;
  checkedAt: Date;
}

/**
 * Knows which references in the catalog lead nowhere, and which files it cannot read.
 *
 * It looks with the backend's own rights, because "does not exist" and "may not
 * be seen" must not be confused. What it returns is therefore not for people:
 * show only what they can see among `sources`, read with their rights.
 */
export class CatalogCheck {
  readonly #catalog: CatalogService;
  readonly #auth: AuthService;
  readonly #now: () => Date;
  #kept?: { value: Checked; until: number };
  #running?: Promise<Checked>;

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
  async current(): Promise<Checked> {
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

  async #compareAndKeep(): Promise<Checked> {
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

  async #compare(checkedAt: Date): Promise<Checked> {
    const names = new Map<string, string[]>();
    const failed: string[] = [];
    const unreadable = new Map<string, string>();
    for await (const entity of this.#all()) {
      const ref = stringifyEntityRef(entity);
      names.set(ref, referencesToCheck(entity));
      const errors = processingErrors(entity);
      if (errors.length > 0) failed.push(ref);
      for (const [file, why] of unreadableFiles(entity, errors)) {
        unreadable.set(file, why);
      }
    }
    const unknown = [...names.values()].flat().filter(ref => !names.has(ref));
    const missing = await this.missingAmong(unknown);
    const sources = [...names]
      .filter(([, refs]) => refs.some(ref => missing.has(ref)))
      .map(([ref]) => ref);
    return { missing, sources, failed, unreadable, checkedAt };
  }

  async *#all(): AsyncGenerator<Entity> {
    const credentials = await this.#auth.getOwnServiceCredentials();
    let cursor: string | undefined;
    do {
      const page = await this.#catalog.queryEntities(
        cursor
          ? { cursor, limit: PAGE, fields }
          : {
              filter: { kind: KINDS },
              limit: PAGE,
              fields,
              totalItems: 'exclude',
            },
        { credentials },
      );
      yield* page.items;
      cursor = page.pageInfo.nextCursor;
    } while (cursor);
  }
}
