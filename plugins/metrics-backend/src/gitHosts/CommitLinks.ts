import { AuthService } from '@backstage/backend-plugin-api';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { EntityRepositories } from '@highroad/plugin-platform-node/git';
import { GitHosts } from '@highroad/plugin-platform-node/git-hosts';

const COMMIT = /^[a-f0-9]{7,64}$/;

/** Finds the page of a commit; none where its host is not known. */
export type CommitLink = (
  service: string,
  commit: string,
) => string | undefined;

/** Knows where commits of services are to be seen. */
export interface CommitLinks {
  /** @param services - references of those whose commits are asked for */
  of(services: string[]): Promise<CommitLink>;
}

/** Commits at the hosts under `integrations`, in the repositories that the catalog has the services from. */
export class CatalogCommitLinks implements CommitLinks {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;
  readonly #hosts: Pick<GitHosts, 'repositoryAt'>;
  readonly #repositories: Pick<EntityRepositories, 'repositoryOf'>;

  constructor(options: {
    auth: AuthService;
    catalog: CatalogService;
    hosts: Pick<GitHosts, 'repositoryAt'>;
    repositories: Pick<EntityRepositories, 'repositoryOf'>;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#hosts = options.hosts;
    this.#repositories = options.repositories;
  }

  async of(services: string[]): Promise<CommitLink> {
    const wanted = [...new Set(services)];
    const { items } = await this.#catalog.getEntitiesByRefs(
      { entityRefs: wanted, fields: ['kind', 'metadata'] },
      { credentials: await this.#auth.getOwnServiceCredentials() },
    );
    const pages = new Map(
      wanted.map((service, at) => {
        const entity = items[at];
        const url = entity && this.#repositories.repositoryOf(entity);
        const found = url ? this.#hosts.repositoryAt(url) : undefined;
        return [
          service,
          found &&
            `${found.host.pages}/${found.repository.owner}/${found.repository.name}`,
        ];
      }),
    );
    return (service, commit) => {
      const page = pages.get(service);
      return page && COMMIT.test(commit)
        ? `${page}/commit/${commit}`
        : undefined;
    };
  }
}
