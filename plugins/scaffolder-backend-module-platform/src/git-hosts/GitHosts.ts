import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  DefaultGithubCredentialsProvider,
  ScmIntegrations,
} from '@backstage/integration';
import { GitHostList } from '@highroad/plugin-create-common';
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
        ...integrations.gitea
          .list()
          .map(integration =>
            createGiteaGitHost({ integration, defaultOwner }),
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

  list(): GitHostList {
    return {
      items: this.#hosts.map(host => host.info),
      default: this.#default()?.info.host ?? '',
    };
  }

  /**
   * @param host - as in {@link list}; empty for the default one
   * @throws InputError if there is no such host, or nothing can be created there
   */
  get(host: string): GitHost {
    const found = host
      ? this.#hosts.find(({ info }) => info.host === host)
      : this.#default();
    if (!found) {
      const known = this.#hosts.map(({ info }) => info.host).join(', ');
      throw new InputError(
        host
          ? `Git host "${host}" is not connected. Connected: ${
              known || 'none'
            }.`
          : 'No Git host is connected. Add one under "integrations" in app-config.',
      );
    }
    if (found.info.problem) throw new InputError(found.info.problem);
    return found;
  }

  #default(): GitHost | undefined {
    if (this.#preferred) {
      return this.#hosts.find(({ info }) => info.host === this.#preferred);
    }
    return this.#hosts.find(({ info }) => !info.problem);
  }
}
