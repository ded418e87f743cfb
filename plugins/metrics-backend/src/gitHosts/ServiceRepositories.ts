import { AuthService } from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { EntityRepositories } from '@highroad/plugin-platform-node/git';
import { GitHost, GitHosts } from '@highroad/plugin-platform-node/git-hosts';

/** A repository, and the services that are made from it. */
export interface ServiceRepository {
  /** Address of its page */
  url: string;
  host: GitHost;
  owner: string;
  name: string;
  /** References, in lower case */
  services: string[];
}

/** Finds the repositories of the catalog's services, at the hosts that the platform has credentials for. */
export class ServiceRepositories {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;
  readonly #hosts: GitHosts;
  readonly #repositories: EntityRepositories;

  constructor(options: {
    auth: AuthService;
    catalog: CatalogService;
    hosts: GitHosts;
    repositories: EntityRepositories;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#hosts = options.hosts;
    this.#repositories = options.repositories;
  }

  /** @returns by address */
  async all(): Promise<Map<string, ServiceRepository>> {
    const found = new Map<string, ServiceRepository>();
    const credentials = await this.#auth.getOwnServiceCredentials();
    const pages = this.#catalog.streamEntities(
      {
        filter: { kind: 'component' },
        fields: ['kind', 'metadata'],
      },
      { credentials },
    );
    for await (const page of pages) {
      for (const entity of page) {
        const url = this.#repositories.repositoryOf(entity);
        const one = url && this.at(url);
        if (!one) continue;
        const known = found.get(one.url) ?? one;
        known.services.push(
          stringifyEntityRef(entity).toLocaleLowerCase('en-US'),
        );
        found.set(one.url, known);
      }
    }
    return found;
  }

  /** @returns undefined where the platform cannot read it as itself: unknown askers are soon sent away */
  at(url: string): ServiceRepository | undefined {
    const found = this.#hosts.repositoryAt(url);
    if (!found || !hasCredentials(found.host)) return undefined;
    const { host, repository } = found;
    const page = `${host.pages}/${repository.owner}/${repository.name}`;
    return { url: page, host, ...repository, services: [] };
  }
}

function hasCredentials(host: GitHost): boolean {
  return host.kind === 'gitea'
    ? Boolean(host.integration.password)
    : Boolean(host.integration.token || host.integration.apps?.length);
}
