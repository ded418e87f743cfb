import { AuthService } from '@backstage/backend-plugin-api';
import { CatalogService } from '@backstage/plugin-catalog-node';

const KEEP_MS = 30_000;
const MOST = 500;

/** Which services somebody owns, by the catalog. Answers are kept for half a minute, so a page of records is one question. */
export class OwnedServices {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;
  readonly #now: () => Date;
  readonly #known = new Map<
    string,
    { until: number; refs: Promise<string[]> }
  >();

  constructor(options: {
    auth: AuthService;
    catalog: CatalogService;
    now: () => Date;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#now = options.now;
  }

  /** @param claims - references that an identity owns things as */
  async of(claims: string[]): Promise<string[]> {
    if (claims.length === 0) return [];
    const key = [...claims].sort().join(' ');
    const now = this.#now().getTime();
    const known = this.#known.get(key);
    if (known && known.until > now) return known.refs;
    if (this.#known.size >= MOST) this.#known.clear();
    const refs = this.#ask(claims);
    this.#known.set(key, { until: now + KEEP_MS, refs });
    // A failure is not kept.
    refs.catch(() => this.#known.delete(key));
    return refs;
  }

  /** Who owns a service; nobody if the catalog does not know it. */
  async ownersOf(service: string): Promise<string[]> {
    const credentials = await this.#auth.getOwnServiceCredentials();
    const entity = await this.#catalog.getEntityByRef(service, { credentials });
    return (entity?.relations ?? [])
      .filter(({ type }) => type === 'ownedBy')
      .map(({ targetRef }) => targetRef);
  }

  async #ask(claims: string[]): Promise<string[]> {
    const credentials = await this.#auth.getOwnServiceCredentials();
    const { items } = await this.#catalog.getEntities(
      {
        filter: { kind: 'component', 'relations.ownedBy': claims },
        fields: ['kind', 'metadata.name', 'metadata.namespace'],
      },
      { credentials },
    );
    return items.map(({ kind, metadata }) =>
      `${kind}:${metadata.namespace ?? 'default'}/${
        metadata.name
      }`.toLocaleLowerCase('en-US'),
    );
  }
}
