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
import { DanglingReferences } from './DanglingReferences';
import { groupByOwner } from './groupByOwner';
import {
  referenceFields,
  referenceFindings,
  referencesToCheck,
} from './referenceFindings';

const PAGE = 500;
/** A list that people read; a company with more starts with its own teams. */
const MAX_LISTED = 5_000;

const fields = [
  ...referenceFields,
  'metadata.title',
  `metadata.annotations.${ANNOTATION_LOCATION}`,
  'relations',
  'status',
];

/** Collects what is wrong in the catalog, as far as the one asking may see. */
export class FindingsService {
  readonly #catalog: CatalogService;
  readonly #dangling: DanglingReferences;
  readonly #maxListed: number;

  constructor(options: {
    catalog: CatalogService;
    dangling: DanglingReferences;
    maxListed?: number;
  }) {
    this.#catalog = options.catalog;
    this.#dangling = options.dangling;
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
    const dangling = await this.#dangling.current();
    const marked = await this.#marked(owners, credentials);
    const others = dangling.sources.filter(ref => !marked.has(ref));
    const read = await readEntities(
      this.#catalog,
      others.slice(0, this.#maxListed),
      { credentials, fields },
    );
    const entities = [...marked.values(), ...read.values()].filter(
      entity => owners.length === 0 || owners.includes(ownerOf(entity) ?? ''),
    );
    const listed = entities.slice(0, this.#maxListed).flatMap(entity => {
      const found = toEntityFindings(entity, dangling.missing);
      return found.findings.length > 0
        ? [{ owner: ownerOf(entity), entity: found }]
        : [];
    });
    const named = listed.flatMap(({ owner }) => owner ?? []);
    return {
      owners: groupByOwner(listed, await this.#dangling.missingAmong(named)),
      total: listed.length,
      truncated:
        marked.size > this.#maxListed ||
        others.length > this.#maxListed ||
        entities.length > this.#maxListed,
      checkedAt: dangling.checkedAt.toISOString(),
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
    const missing = await this.#dangling.missingAmong(
      referencesToCheck(entity),
    );
    return toEntityFindings(entity, missing);
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
  missing: ReadonlySet<string>,
): EntityFindings {
  const lifecycle: unknown = entity.spec?.lifecycle;
  return {
    ref: stringifyEntityRef(entity),
    title: entity.metadata.title ?? entity.metadata.name,
    kind: entity.kind,
    lifecycle: typeof lifecycle === 'string' ? lifecycle : undefined,
    findings: [...findingsOf(entity), ...referenceFindings(entity, missing)],
  };
}
