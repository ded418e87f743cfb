import { AuthService } from '@backstage/backend-plugin-api';
import {
  Entity,
  parseEntityRef,
  RELATION_OWNED_BY,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { InputError, NotFoundError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { nearestNames } from '@highroad/plugin-platform-common';
import { EntityRepositories } from '@highroad/plugin-platform-node/git';
import { ServiceFacts, Services } from './Services';

const IMAGE_ANNOTATION = 'platform.myorg.com/image';

/** Services as the catalog has them. */
export class CatalogServices implements Services {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;
  readonly #imagePrefix: string | undefined;
  readonly #repositories: EntityRepositories;

  /** @param options.imagePrefix - where images are whose services do not say it */
  constructor(options: {
    auth: AuthService;
    catalog: CatalogService;
    imagePrefix: string | undefined;
    repositories: EntityRepositories;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#imagePrefix = options.imagePrefix?.replace(/\/$/, '');
    this.#repositories = options.repositories;
  }

  async get(ref: string): Promise<ServiceFacts> {
    const whole = stringifyEntityRef(
      parseEntityRef(ref, {
        defaultKind: 'component',
        defaultNamespace: 'default',
      }),
    );
    const credentials = await this.#auth.getOwnServiceCredentials();
    const entity = await this.#catalog.getEntityByRef(whole, { credentials });
    if (!entity) throw await this.#unknown(whole);
    return this.#facts(whole, entity);
  }

  #facts(ref: string, entity: Entity): ServiceFacts {
    const { name, annotations = {} } = entity.metadata;
    const image =
      annotations[IMAGE_ANNOTATION] ??
      (this.#imagePrefix && `${this.#imagePrefix}/${name}`);
    if (!image) {
      throw new InputError(
        `It is not known where the image of ${ref} is. Write it into the annotation ${IMAGE_ANNOTATION} of its catalog-info.yaml, without a tag.`,
      );
    }
    return {
      ref,
      name,
      owner: entity.relations?.find(({ type }) => type === RELATION_OWNED_BY)
        ?.targetRef,
      image,
      repository: this.#repositories.repositoryOf(entity),
      annotations,
    };
  }

  async #unknown(ref: string): Promise<NotFoundError> {
    const { items } = await this.#catalog.getEntities(
      { filter: { kind: 'component' }, fields: ['metadata.name'] },
      { credentials: await this.#auth.getOwnServiceCredentials() },
    );
    const near = nearestNames(
      parseEntityRef(ref).name,
      items.map(item => item.metadata.name),
    );
    return new NotFoundError(
      `There is no service ${ref} in the catalog.${
        near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : ''
      }`,
    );
  }
}
