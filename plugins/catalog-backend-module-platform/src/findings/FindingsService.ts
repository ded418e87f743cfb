import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import {
  ANNOTATION_LOCATION,
  Entity,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import {
  EntityFindings,
  findingsOf,
  FindingsAnswer,
  PLATFORM_FINDINGS,
} from '@highroad/plugin-catalog-platform-common';
import { ownerOf } from '../dependencies/graphEntity';
import { readEntities } from '../readEntities';
import { CatalogCheck, Checked } from './CatalogCheck';
import { groupByOwner } from './groupByOwner';
import {
  filesOf,
  processingFields,
  processingFindings,
} from './processingFindings';
import {
  referenceFields,
  referenceFindings,
  referencesToCheck,
} from './referenceFindings';

const PAGE = 500;
/** They are named in an address, which must not be too long. */
const FILES_AT_ONCE = 20;
/** Where a whole Git host is down, the first ones say enough. */
const MAX_FILES = 1_000;
/** A list that people read; a company with more starts with its own teams. */
const MAX_LISTED = 5_000;

const fields = [
  ...referenceFields,
  'metadata.title',
  `metadata.annotations.${ANNOTATION_LOCATION}`,
  'relations',
  ...processingFields,
];

/** Collects what is wrong in the catalog, as far as the one asking may see. */
export class FindingsService {
  readonly #catalog: CatalogService;
  readonly #check: CatalogCheck;
  readonly #maxListed: number;

  constructor(options: {
    catalog: CatalogService;
    check: CatalogCheck;
    maxListed?: number;
  }) {
    this.#catalog = options.catalog;
    this.#check = options.check;
    this.#maxListed = options.maxListed ?? MAX_LISTED;
  }

  /**
   * Everything with findings, by owner.
   *
   * @param owners - full references; everything if empty
   */
  async list(
    owners: string[],
    credentials: BackstageCredentials,
  ): Promise<FindingsAnswer> {
    const checked = await this.#check.current();
    const marked = await this.#marked(owners, credentials);
    const others = [...new Set([...checked.sources, ...checked.failed])].filter(
      ref => !marked.has(ref),
    );
    const read = await readEntities(
      this.#catalog,
      others.slice(0, this.#maxListed),
      { credentials, fields },
    );
    const files = [...checked.unreadable.keys()];
    const stale = await this.#readFrom(files.slice(0, MAX_FILES), credentials);
    const all = new Map([...marked, ...read, ...stale]);
    const entities = [...all.values()].filter(
      entity =>
        (owners.length === 0 || owners.includes(ownerOf(entity) ?? '')) &&
        !isSaidElsewhere(entity, stale),
    );
    const listed = entities.slice(0, this.#maxListed).flatMap(entity => {
      const found = toEntityFindings(entity, checked);
      return found.findings.length > 0
        ? [{ owner: ownerOf(entity), entity: found }]
        : [];
    });
    const named = listed.flatMap(({ owner }) => owner ?? []);
    return {
      owners: groupByOwner(listed, await this.#check.missingAmong(named)),
      total: listed.length,
      truncated:
        marked.size > this.#maxListed ||
        others.length > this.#maxListed ||
        files.length > MAX_FILES ||
        entities.length > this.#maxListed,
      checkedAt: checked.checkedAt.toISOString(),
    };
  }

  /**
   * The findings of one thing, with its references looked up now.
   *
   * @throws NotFoundError if it does not exist, or may not be seen
   */
  async ofEntity(
    ref: string,
    credentials: BackstageCredentials,
  ): Promise<EntityFindings> {
    const read = await readEntities(this.#catalog, [ref], {
      credentials,
      fields,
    });
    const entity = read.get(ref);
    if (!entity) {
      throw new NotFoundError(
        `There is no ${ref} in the catalog, or you may not see it. Look for its name in the catalog.`,
      );
    }
    const { unreadable } = await this.#check.current();
    const missing = await this.#check.missingAmong(referencesToCheck(entity));
    return toEntityFindings(entity, { missing, unreadable });
  }

  /** What was read from some files, while they could be. */
  async #readFrom(
    files: string[],
    credentials: BackstageCredentials,
  ): Promise<Map<string, Entity>> {
    const found = new Map<string, Entity>();
    for (let start = 0; start < files.length; start += FILES_AT_ONCE) {
      const { items } = await this.#catalog.getEntities(
        {
          filter: {
            [`metadata.annotations.${ANNOTATION_LOCATION}`]: files.slice(
              start,
              start + FILES_AT_ONCE,
            ),
          },
          fields,
        },
        { credentials },
      );
      for (const entity of items) {
        // A location entity stands for the place that it was registered at itself.
        if (entity.kind !== 'Location') {
          found.set(stringifyEntityRef(entity), entity);
        }
      }
    }
    return found;
  }

  /** What was marked when it was processed. Reads one more than can be listed, to know of it. */
  async #marked(
    owners: string[],
    credentials: BackstageCredentials,
  ): Promise<Map<string, Entity>> {
    const found = new Map<string, Entity>();
    let cursor: string | undefined;
    do {
      const page = await this.#catalog.queryEntities(
        cursor
          ? { cursor, limit: PAGE, fields }
          : {
              filter: {
                [`metadata.annotations.${PLATFORM_FINDINGS}`]:
                  CATALOG_FILTER_EXISTS,
                ...(owners.length > 0 && { 'relations.ownedBy': owners }),
              },
              limit: PAGE,
              fields,
              totalItems: 'exclude',
            },
        { credentials },
      );
      page.items.forEach(entity =>
        found.set(stringifyEntityRef(entity), entity),
      );
      cursor = page.pageInfo.nextCursor;
    } while (cursor && found.size <= this.#maxListed);
    return found;
  }
}

function toEntityFindings(
  entity: Entity,
  { missing, unreadable }: Pick<Checked, 'missing' | 'unreadable'>,
): EntityFindings {
  const lifecycle: unknown = entity.spec?.lifecycle;
  return {
    ref: stringifyEntityRef(entity),
    title: entity.metadata.title ?? entity.metadata.name,
    kind: entity.kind,
    lifecycle: typeof lifecycle === 'string' ? lifecycle : undefined,
    findings: [
      ...processingFindings(entity, unreadable),
      ...findingsOf(entity),
      ...referenceFindings(entity, missing),
    ],
  };
}

/** A location whose file cannot be read is listed by itself only where nothing was ever read from it. */
function isSaidElsewhere(
  entity: Entity,
  stale: ReadonlyMap<string, Entity>,
): boolean {
  if (entity.kind !== 'Location') return false;
  const files = new Set(filesOf(entity));
  return [...stale.values()].some(one =>
    files.has(one.metadata.annotations?.[ANNOTATION_LOCATION] ?? ''),
  );
}
