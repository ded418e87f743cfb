import { AuthService } from '@backstage/backend-plugin-api';
import {
  getEntitySourceLocation,
  RELATION_OWNED_BY,
} from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { ServiceRepositories } from './RepositorySeedSource';

/** Services' repositories, as the catalog has them. */
export class CatalogRepositories implements ServiceRepositories {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;

  constructor(options: { auth: AuthService; catalog: CatalogService }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
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
    const { type, target } = getEntitySourceLocation(entity);
    return type === 'url' ? target : undefined;
  }
}
