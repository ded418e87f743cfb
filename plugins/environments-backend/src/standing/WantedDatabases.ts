import {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import {
  Entity,
  parseEntityRef,
  RELATION_DEPENDENCY_OF,
  RELATION_DEPENDS_ON,
  RELATION_OWNED_BY,
  RELATION_PART_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { NotFoundError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { PLATFORM_DATABASE_KEY } from '@highroad/plugin-catalog-platform-common';

/** A database that a service is to have wherever it stands. */
export interface WantedDatabase {
  /** Reference of the resource in the catalog */
  resource: string;
  /** Its name there */
  name: string;
  /** Key of the secret that holds its address */
  key: string;
}

/** What the catalog says that a service is to have. */
export interface Wanted {
  databases: WantedDatabase[];
  /** What the platform does not make, and why, in words */
  left: string[];
}

/** Databases that services depend on, as the catalog has them. */
export class WantedDatabases {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;

  constructor(options: { auth: AuthService; catalog: CatalogService }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
  }

  /** @throws NotFoundError for a service that is not in the catalog */
  async of(service: string): Promise<Wanted> {
    const credentials = await this.#auth.getOwnServiceCredentials();
    const entity = await this.#catalog.getEntityByRef(service, { credentials });
    if (!entity) {
      throw new NotFoundError(`There is no service ${service} in the catalog.`);
    }
    const resources = targets(entity, RELATION_DEPENDS_ON).filter(
      ref => parseEntityRef(ref).kind === 'resource',
    );
    if (resources.length === 0) return { databases: [], left: [] };
    const { items } = await this.#catalog.getEntitiesByRefs(
      { entityRefs: resources },
      { credentials },
    );
    const wanted: Wanted = { databases: [], left: [] };
    for (const resource of items) {
      const key = resource?.metadata.annotations?.[PLATFORM_DATABASE_KEY];
      if (!resource || !key) continue;
      const why = whyNot(
        resource,
        entity,
        await this.#usersOf(resource, entity, credentials),
      );
      const ref = stringifyEntityRef(resource);
      if (why) wanted.left.push(`${ref} is not made by the platform: ${why}.`);
      else {
        wanted.databases.push({
          ...{ resource: ref, key, name: resource.metadata.name },
        });
      }
    }
    return wanted;
  }

  /**
   * Who else uses it. Anybody may write into a file of theirs that they depend on it, so only those count that are of its owner
   * or its system.
   */
  async #usersOf(
    resource: Entity,
    service: Entity,
    credentials: BackstageCredentials,
  ): Promise<string[]> {
    const others = targets(resource, RELATION_DEPENDENCY_OF).filter(
      ref => ref !== stringifyEntityRef(service),
    );
    if (others.length === 0) return [];
    const { items } = await this.#catalog.getEntitiesByRefs(
      { entityRefs: others },
      { credentials },
    );
    return items
      .filter(one => one !== undefined)
      .filter(one =>
        [RELATION_OWNED_BY, RELATION_PART_OF].some(type =>
          targets(one, type).some(ref => targets(resource, type).includes(ref)),
        ),
      )
      .map(one => stringifyEntityRef(one));
  }
}

/** A database belongs to one service: what it is rotated with, and whose secrets it is in. */
function whyNot(
  resource: Entity,
  service: Entity,
  users: string[],
): string | undefined {
  if (resource.spec?.type !== 'database') {
    return 'its type is not "database"';
  }
  if (users.length > 0) {
    return `other services depend on it too (${users.join(', ')})`;
  }
  const [owner] = targets(resource, RELATION_OWNED_BY);
  if (!owner || owner !== targets(service, RELATION_OWNED_BY)[0]) {
    return `it is owned by ${
      owner ?? 'nobody'
    }, and the service is not owned by the same`;
  }
  return undefined;
}

function targets(entity: Entity, type: string): string[] {
  return (entity.relations ?? [])
    .filter(relation => relation.type === type)
    .map(({ targetRef }) => targetRef);
}
