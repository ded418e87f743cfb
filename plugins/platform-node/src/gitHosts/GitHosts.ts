import { Config } from '@backstage/config';
import {
  DefaultGithubCredentialsProvider,
  getGiteaRequestOptions,
  GiteaIntegrationConfig,
  GithubIntegrationConfig,
  ScmIntegrations,
} from '@backstage/integration';
import { GitHostClient } from './GitHostClient';
import { fullNameSchema, RepositoryName } from './repositoryPath';

/** A Git host that can be asked, with the credentials of `integrations`. */
export type GitHost = {
  host: string;
  client: GitHostClient;
  /** What addresses of pages begin with, without a slash at its end */
  pages: string;
} & (
  | { kind: 'github'; integration: GithubIntegrationConfig }
  | { kind: 'gitea'; integration: GiteaIntegrationConfig }
);

/** The hosts under `integrations` whose interface is known: GitHub, and Gitea with Forgejo. */
export class GitHosts {
  readonly #integrations: ScmIntegrations;
  readonly #github: DefaultGithubCredentialsProvider;
  readonly #made = new Map<string, GitHost>();

  static fromConfig(config: Config): GitHosts {
    return new GitHosts(ScmIntegrations.fromConfig(config));
  }

  constructor(integrations: ScmIntegrations) {
    this.#integrations = integrations;
    this.#github =
      DefaultGithubCredentialsProvider.fromIntegrations(integrations);
  }

  /** @returns undefined for a host that is not under `integrations` */
  get(host: string): GitHost | undefined {
    const known = this.#made.get(host);
    if (known) return known;
    const made = this.#gitea(host) ?? this.#githubHost(host);
    if (made) this.#made.set(host, made);
    return made;
  }

  /**
   * @param url - of a repository's page, or of anything in it; also as the catalog writes it, with `url:` before it
   * @returns undefined where it is at no host that can be asked
   */
  repositoryAt(
    url: string,
  ): { host: GitHost; repository: RepositoryName } | undefined {
    const text = url.replace(/^url:/, '');
    if (!URL.canParse(text)) return undefined;
    const host = this.get(new URL(text).host);
    const repository = host && repositoryIn(text, host.pages);
    return repository && { host, repository };
  }

  #gitea(host: string): GitHost | undefined {
    const integration = this.#integrations.gitea.byHost(host)?.config;
    if (!integration) return undefined;
    const { baseUrl = `https://${host}` } = integration;
    const pages = baseUrl.replace(/\/$/, '');
    return {
      ...{ host, kind: 'gitea', integration, pages },
      client: new GitHostClient({
        host,
        apiUrl: `${pages}/api/v1`,
        headers: async () => getGiteaRequestOptions(integration).headers ?? {},
      }),
    };
  }

  #githubHost(host: string): GitHost | undefined {
    const integration = this.#integrations.github.byHost(host)?.config;
    if (!integration) return undefined;
    const { apiBaseUrl = `https://${host}/api/v3` } = integration;
    return {
      ...{ host, kind: 'github', integration, pages: `https://${host}` },
      client: new GitHostClient({
        host,
        apiUrl: apiBaseUrl.replace(/\/$/, ''),
        headers: async request => {
          // An app has a token for each owner.
          const [owner, name] = request.path.startsWith('/repos/')
            ? request.path.split('/').slice(2)
            : [request.owner ?? '-', '-'];
          const { headers } = await this.#github.getCredentials({
            url: `https://${host}/${owner}/${name}`,
          });
          return { ...headers, 'X-GitHub-Api-Version': '2022-11-28' };
        },
      }),
    };
  }
}

/**
 * @param pages - what addresses of pages begin with, without a slash at its end
 * @returns the repository whose page it is, or in which it is
 */
export function repositoryIn(
  url: string,
  pages: string,
): RepositoryName | undefined {
  if (!url.startsWith(`${pages}/`)) return undefined;
  const [owner = '', name = ''] = url.slice(pages.length + 1).split(/[/?#]/);
  return fullNameSchema.safeParse(`${owner}/${name.replace(/\.git$/, '')}`)
    .data;
}
