import { AuthService } from '@backstage/backend-plugin-api';
import {
  Entity,
  parseLocationRef,
  RELATION_OWNED_BY,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { RepositoryName } from '../drivers/gitHosts/PullRequestHost';
import { PullRequestHosts } from '../drivers/gitHosts/PullRequestHosts';

/** How long what the catalog said is believed. */
const FRESH_MS = 30_000;
/** How soon it is asked again for a repository that it did not know: one may have been registered just now. */
const AGAIN_MS = 3_000;

/** A repository in which services are. */
export interface ServiceRepository extends RepositoryName {
  host: string;
  services: { ref: string; owner: string }[];
}

/** Whose repositories are. */
export interface RepositoryOwners {
  /** Those at hosts whose pull requests get environments */
  all(): Promise<ServiceRepository[]>;
  /** @returns undefined for one that no service of the catalog is in */
  find(
    host: string,
    repository: RepositoryName,
  ): Promise<ServiceRepository | undefined>;
}

/**
 * By the catalog. A service is in the repository that its file was read from, which the catalog itself notes down; what a file says
 * of its source counts only for repositories that no file was read from, since it may say anything.
 */
export class CatalogRepositoryOwners implements RepositoryOwners {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;
  readonly #hosts: PullRequestHosts;
  readonly #now: () => Date;
  #known: { at: number; repositories: Map<string, ServiceRepository> } = {
    at: -Infinity,
    repositories: new Map(),
  };
  #asking: Promise<void> | undefined;

  constructor(options: {
    auth: AuthService;
    catalog: CatalogService;
    hosts: PullRequestHosts;
    now: () => Date;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#hosts = options.hosts;
    this.#now = options.now;
  }

  async all(): Promise<ServiceRepository[]> {
    await this.#refresh(FRESH_MS);
    return [...this.#known.repositories.values()];
  }

  async find(
    host: string,
    repository: RepositoryName,
  ): Promise<ServiceRepository | undefined> {
    await this.#refresh(FRESH_MS);
    const key = keyOf(host, repository);
    const found = this.#known.repositories.get(key);
    if (found) return found;
    await this.#refresh(AGAIN_MS);
    return this.#known.repositories.get(key);
  }

  async #refresh(maxAgeMs: number): Promise<void> {
    if (this.#now().getTime() - this.#known.at < maxAgeMs) return;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    await this.#asking;
  }

  async #ask(): Promise<void> {
    const at = this.#now().getTime();
    const { items } = await this.#catalog.getEntities(
      {
        filter: { kind: 'component' },
        fields: [
          ...['kind', 'metadata.name', 'metadata.namespace', 'relations'],
          'metadata.annotations',
        ],
      },
      { credentials: await this.#auth.getOwnServiceCredentials() },
    );
    const read = new Map<string, ServiceRepository>();
    const said = new Map<string, ServiceRepository>();
    for (const entity of items) {
      this.#add(read, entity, 'backstage.io/managed-by-location');
      this.#add(said, entity, 'backstage.io/source-location');
    }
    this.#known = { at, repositories: new Map([...said, ...read]) };
  }

  #add(
    to: Map<string, ServiceRepository>,
    entity: Entity,
    annotation: string,
  ): void {
    const owner = entity.relations?.find(
      ({ type }) => type === RELATION_OWNED_BY,
    )?.targetRef;
    const place = urlIn(entity.metadata.annotations?.[annotation]);
    const found = place && this.#hosts.repositoryAt(place);
    if (!owner || !found) return;
    const { host } = found.host;
    const key = keyOf(host, found.repository);
    const repository = to.get(key) ?? {
      ...found.repository,
      ...{ host, services: [] },
    };
    repository.services.push({ ref: stringifyEntityRef(entity), owner });
    to.set(key, repository);
  }
}

function urlIn(location: string | undefined): string | undefined {
  if (!location) return undefined;
  try {
    const { type, target } = parseLocationRef(location);
    return type === 'url' ? target : undefined;
  } catch {
    // What is no location says no place.
    return undefined;
  }
}

function keyOf(host: string, { owner, name }: RepositoryName): string {
  return `${host}/${owner}/${name}`.toLocaleLowerCase('en-US');
}
