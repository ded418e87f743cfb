import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { Entity } from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import {
  DependencyAnswer,
  DependencyQuery,
} from '@highroad/plugin-catalog-platform-common';
import { readEntities } from '../readEntities';
import { toAnswer } from './answer';
import {
  graphFields,
  namedReferences,
  namingFields,
  toGraphEntity,
} from './graphEntity';
import { Source, walkDependencies } from './walk';

/** Everything a catalog of the target size has; a limit for what one question may cost. */
const MAX_ENTITIES = 10_000;

/** Answers what depends on what, as far as the one asking may see. */
export class DependencyService {
  readonly #catalog: CatalogService;
  readonly #pagerDutyUrl: string;
  readonly #maxEntities: number;

  constructor(options: {
    catalog: CatalogService;
    pagerDutyUrl: string;
    maxEntities?: number;
  }) {
    this.#catalog = options.catalog;
    this.#pagerDutyUrl = options.pagerDutyUrl;
    this.#maxEntities = options.maxEntities ?? MAX_ENTITIES;
  }

  /**
   * @param ref - full reference of the thing asked about
   * @throws NotFoundError if it does not exist, or may not be seen: the two are not told apart
   */
  async ask(
    ref: string,
    query: DependencyQuery,
    credentials: BackstageCredentials,
  ): Promise<DependencyAnswer> {
    const source = this.#sourceFor(credentials);
    const root = (await source.entities([ref])).get(ref);
    if (!root) {
      throw new NotFoundError(
        `There is no ${ref} in the catalog, or you may not see it. Look for its name in the catalog.`,
      );
    }
    const walk = await walkDependencies(root, source, {
      direction: query.direction,
      depth: query.depth,
      maxEntities: this.#maxEntities,
    });
    return toAnswer(walk, query);
  }
  #sourceFor(credentials: BackstageCredentials): Source {
    const read = async <T>(
      refs: string[],
      fields: string[],
      convert: (entity: Entity) => T,
    ) => {
      const entities = await readEntities(this.#catalog, refs, {
        credentials,
        fields,
      });
      return new Map(
        [...entities].map(([ref, entity]) => [ref, convert(entity)]),
      );
    };
    return {
      entities: refs =>
        read(refs, graphFields, entity =>
          toGraphEntity(entity, this.#pagerDutyUrl),
        ),
      namedBy: refs => read(refs, namingFields, namedReferences),
    };
  }
}
