import { AuthService } from '@backstage/backend-plugin-api';
import { RELATION_OWNED_BY } from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { EntityRepositories } from '@highroad/plugin-platform-node/git';
import { ServiceRepositories } from './ServiceRepositories';

/** Services' repositories, as the catalog has them. */
export class CatalogRepositories implements ServiceRepositories {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;
  readonly #repositories: EntityRepositories;

  constructor(options: {
    auth: AuthService;
    catalog: CatalogService;
    repositories: EntityRepositories;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#repositories = options.repositories;
  }

  async repositoryOf(
    service: string,
    owner: string,
  ): Promise<string | undefined> {
    const entity = await this.#catalog.getEntityByRef(
      { kind: 'component', namespace: 'default', name: service },
      { credentials: await this.#auth.getOwnServiceCredentials() },
    );
    const owned = entity?.relations?.some(
      ({ type, targetRef }) =>
        type === RELATION_OWNED_BY && targetRef === owner,
    );
    if (!entity || !owned) return undefined;
    return this.#repositories.repositoryOf(entity);
  }
}
