import { AuthService } from '@backstage/backend-plugin-api';
import {
  parseEntityRef,
  RELATION_OWNED_BY,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { InputError, NotFoundError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { nearestNames } from '@highroad/plugin-platform-common';

/** Services, as the catalog knows them. */
export interface Services {
  /** @throws NotFoundError that lists near names */
  require(ref: string): Promise<void>;
  /** Which of these are there */
  existing(refs: string[]): Promise<Set<string>>;
}

export class CatalogServices implements Services {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;

  constructor(options: { auth: AuthService; catalog: CatalogService }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
  }

  async require(ref: string): Promise<void> {
    const found = await this.existing([ref]);
    if (found.has(ref)) return;
    const { items } = await this.#catalog.getEntities(
      { filter: { kind: 'component' }, fields: ['metadata.name'] },
      { credentials: await this.#auth.getOwnServiceCredentials() },
    );
    const near = nearestNames(
      parseEntityRef(ref).name,
      items.map(item => item.metadata.name),
    );
    throw new NotFoundError(
      `There is no service ${ref} in the catalog.${
        near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : ''
      }`,
    );
  }

  async existing(refs: string[]): Promise<Set<string>> {
    return new Set((await this.ownersOf(refs)).keys());
  }

  /** @returns references of owners, of those that are there; nothing for one that has none */
  async ownersOf(refs: string[]): Promise<Map<string, string | undefined>> {
    const { items } = await this.#catalog.getEntitiesByRefs(
      { entityRefs: refs, fields: ['kind', 'metadata', 'relations'] },
      { credentials: await this.#auth.getOwnServiceCredentials() },
    );
    const owners = new Map<string, string | undefined>();
    refs.forEach((ref, at) => {
      const found = items[at]?.relations?.find(
        ({ type }) => type === RELATION_OWNED_BY,
      );
      if (items[at]) owners.set(ref, found?.targetRef);
    });
    return owners;
  }
}

/** A whole reference; a bare name is a component's. */
export function wholeRef(ref: string): string {
  try {
    return stringifyEntityRef(
      parseEntityRef(ref, {
        defaultKind: 'component',
        defaultNamespace: 'default',
      }),
    );
  } catch {
    throw new InputError(
      `service: "${ref.slice(
        0,
        100,
      )}" is no reference; write a name, or one such as component:default/cart.`,
    );
  }
}
