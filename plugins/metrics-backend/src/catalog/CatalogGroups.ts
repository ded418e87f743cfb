import { AuthService } from '@backstage/backend-plugin-api';
import {
  RELATION_PARENT_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';

const FRESH_MS = 30_000;

/** Which groups are within a group. */
export interface Groups {
  /** The group itself, and all that are within it, however deep */
  within(group: string): Promise<string[]>;
  /** Of any group: the group itself, and all that it is within */
  around(): Promise<(group: string) => string[]>;
}

/** Groups as the catalog has them now. */
export class CatalogGroups implements Groups {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;
  readonly #now: () => Date;
  #known: { children: Map<string, string[]>; until: number } | undefined;

  constructor(options: {
    auth: AuthService;
    catalog: CatalogService;
    now: () => Date;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#now = options.now;
  }

  async within(group: string): Promise<string[]> {
    const children = await this.#children();
    const found = new Set([group]);
    for (const one of found) {
      for (const child of children.get(one) ?? []) found.add(child);
    }
    return [...found];
  }

  async around(): Promise<(group: string) => string[]> {
    const parents = new Map<string, string[]>();
    for (const [group, children] of await this.#children()) {
      for (const child of children) {
        parents.set(child, [...(parents.get(child) ?? []), group]);
      }
    }
    return group => {
      const found = new Set([group]);
      for (const one of found) {
        for (const parent of parents.get(one) ?? []) found.add(parent);
      }
      return [...found];
    };
  }

  async #children(): Promise<Map<string, string[]>> {
    const now = this.#now().getTime();
    if (this.#known && this.#known.until > now) return this.#known.children;
    const { items } = await this.#catalog.getEntities(
      {
        filter: { kind: 'group' },
        fields: ['kind', 'metadata.name', 'metadata.namespace', 'relations'],
      },
      { credentials: await this.#auth.getOwnServiceCredentials() },
    );
    const children = new Map(
      items.map(entity => [
        stringifyEntityRef(entity),
        (entity.relations ?? [])
          .filter(({ type }) => type === RELATION_PARENT_OF)
          .map(({ targetRef }) => targetRef),
      ]),
    );
    this.#known = { children, until: now + FRESH_MS };
    return children;
  }
}
