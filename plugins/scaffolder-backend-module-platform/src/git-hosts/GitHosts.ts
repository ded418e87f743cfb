import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  DefaultGithubCredentialsProvider,
  ScmIntegrations,
} from '@backstage/integration';
import { GitHostInfo, GitHostList } from '@highroad/plugin-create-common';
import { LocalRepositories } from '@highroad/plugin-local-repositories-node';
import { GitHost } from './GitHost';
import { createGiteaGitHost } from './gitea';
import { createGithubGitHost } from './github';
import { createLocalGitHost } from './local';

/** The Git hosts that app-config names, and this machine where it is allowed. */
export class GitHosts {
  readonly #hosts: GitHost[];
  readonly #preferred: string | undefined;

  static fromConfig(config: Config): GitHosts {
    const integrations = ScmIntegrations.fromConfig(config);
    const credentials =
      DefaultGithubCredentialsProvider.fromIntegrations(integrations);
    const defaultOwner =
      config.getOptionalString('platform.create.gitOwner') ?? '';
    const repositories = LocalRepositories.fromConfig(config);

    // The integration library lists the public github.com even when nobody configured it.
    const configured = new Set(
      (config.getOptionalConfigArray('integrations.github') ?? []).map(
        entry => entry.getOptionalString('host') ?? 'github.com',
      ),
    );
    return new GitHosts(
      [
        ...integrations.github
          .list()
          .filter(integration => configured.has(integration.config.host))
          .map(integration =>
            createGithubGitHost({ integration, credentials, defaultOwner }),
          ),
        ...integrations.gitea.list().map((integration, _, { length }) =>
          createGiteaGitHost({
            integration,
            defaultOwner,
            // One is known by what it is, more by their addresses.
            title: length === 1 ? 'Gitea' : integration.config.host,
          }),
        ),
        ...(repositories
          ? [
              createLocalGitHost({
                repositories,
                portalUrl: config.getString('app.baseUrl'),
              }),
            ]
          : []),
      ],
      config.getOptionalString('platform.create.gitHost'),
    );
  }

  constructor(hosts: GitHost[], preferred?: string) {
    this.#hosts = hosts;
    this.#preferred = preferred;
  }

  /** The hosts as they are now: one that does not answer yet has a problem until it does. */
  async list(): Promise<GitHostList> {
    const items = await Promise.all(this.#hosts.map(infoNow));
    return { items, default: this.#default(items)?.host ?? '' };
  }

  /**
   * @param host - as in {@link list}; empty for the default one, which answers
   * @throws InputError if there is no such host, or nothing can be created there
   */
  async get(host: string): Promise<GitHost> {
    const wanted = host || (await this.list()).default;
    const found = this.#hosts.find(({ info }) => info.host === wanted);
    if (!found) {
      const items = host ? [] : (await this.list()).items;
      throw new InputError(
        host
          ? `Git host "${host}" is not connected. Connected: ${this.#known()}.`
          : noneUsable(items),
      );
    }
    if (found.info.problem) throw new InputError(found.info.problem);
    return found;
  }

  #known(): string {
    return this.#hosts.map(({ info }) => info.host).join(', ') || 'none';
  }

  /** The one that the platform team chose, whatever its state; otherwise the first without a problem. */
  #default(items: GitHostInfo[]): GitHostInfo | undefined {
    if (this.#preferred) {
      return items.find(({ host }) => host === this.#preferred);
    }
    return items.find(({ problem }) => !problem);
  }
}

async function infoNow(host: GitHost): Promise<GitHostInfo> {
  if (host.info.problem) return host.info;
  const problem = await host.unavailable?.();
  return problem ? { ...host.info, problem } : host.info;
}

function noneUsable(items: GitHostInfo[]): string {
  const problems = items.map(({ problem }) => problem).filter(Boolean);
  return problems.length > 0
    ? `No Git host can be used now. ${problems.join(' ')}`
    : 'No Git host is connected. Add one under "integrations" in app-config.';
}
