import { AuthService } from '@backstage/backend-plugin-api';
import {
  Entity,
  RELATION_OWNED_BY,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { withinTime } from '@highroad/plugin-platform-node';
import { EntityRepositories } from '@highroad/plugin-platform-node/git';
import { RepositoryName } from '@highroad/plugin-platform-node/git-hosts';
import { PullRequestHosts } from '../drivers/gitHosts/PullRequestHosts';

/** How long what the catalog said is believed. */
const FRESH_MS = 30_000;
/** How soon it is asked again for a repository that it did not know: one may have been registered just now. */
const AGAIN_MS = 3_000;

/** Whoever asks looks at a pull request meanwhile: the catalog is waited for no longer, in milliseconds. */
const ANSWER_MS = 15_000;

/** A repository in which services are. */
export interface ServiceRepository extends RepositoryName {
  host: string;
  services: { ref: string; owner: string }[];
}

/** Whose repositories are. */
export interface RepositoryOwners {
  /** Those at hosts whose pull requests get environments */
  all(): Promise<ServiceRepository[]>;
  /**
   * @param service - reference
   * @returns undefined where it is in none that is at such a host
   */
  ofService(service: string): Promise<ServiceRepository | undefined>;
  /** @returns undefined for one that no service of the catalog is in */
  find(
    host: string,
    repository: RepositoryName,
  ): Promise<ServiceRepository | undefined>;
}

/** By the catalog: see {@link EntityRepositories} for which repository a service is in. */
export class CatalogRepositoryOwners implements RepositoryOwners {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;
  readonly #hosts: PullRequestHosts;
  readonly #now: () => Date;
  readonly #repositories: EntityRepositories;
  readonly #answerMs: number;
  #known: { at: number; repositories: Map<string, ServiceRepository> } = {
    at: -Infinity,
    repositories: new Map(),
  };
  #asking: Promise<void> | undefined;

  /** @param options.answerMs - how long the catalog is waited for, in milliseconds */
  constructor(options: {
    auth: AuthService;
    catalog: CatalogService;
    hosts: PullRequestHosts;
    now: () => Date;
    repositories: EntityRepositories;
    answerMs?: number;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#hosts = options.hosts;
    this.#now = options.now;
    this.#repositories = options.repositories;
    this.#answerMs = options.answerMs ?? ANSWER_MS;
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

  async ofService(service: string): Promise<ServiceRepository | undefined> {
    const find = () =>
      [...this.#known.repositories.values()].find(({ services }) =>
        services.some(({ ref }) => ref === service),
      );
    await this.#refresh(FRESH_MS);
    const found = find();
    if (found) return found;
    await this.#refresh(AGAIN_MS);
    return find();
  }

  async #refresh(maxAgeMs: number): Promise<void> {
    if (this.#now().getTime() - this.#known.at < maxAgeMs) return;
    this.#asking ??= withinTime(
      this.#ask(),
      this.#answerMs,
      `Asked which services there are and whose, the catalog did not answer within ${Math.round(
        this.#answerMs / 1000,
      )} seconds.`,
    ).finally(() => {
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
    const repositories = new Map<string, ServiceRepository>();
    for (const entity of items) this.#add(repositories, entity);
    this.#known = { at, repositories };
  }

  #add(to: Map<string, ServiceRepository>, entity: Entity): void {
    const owner = entity.relations?.find(
      ({ type }) => type === RELATION_OWNED_BY,
    )?.targetRef;
    const place = this.#repositories.repositoryOf(entity);
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

function keyOf(host: string, { owner, name }: RepositoryName): string {
  return `${host}/${owner}/${name}`.toLocaleLowerCase('en-US');
}
