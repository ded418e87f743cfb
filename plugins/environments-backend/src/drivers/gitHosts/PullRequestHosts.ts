import { Config } from '@backstage/config';
import { InputError, NotFoundError } from '@backstage/errors';
import {
  GitHosts,
  repositoryIn,
  RepositoryName,
  readWebhookSecrets,
} from '@highroad/plugin-platform-node/git-hosts';
import { githubDialect } from './github/githubDialect';
import { giteaDialect } from './gitea/giteaDialect';
import { PullRequestHost } from './PullRequestHost';
import { RestHost } from './RestHost';

/** The Git hosts whose pull requests get environments: those under `platform.pullRequests.hosts`. */
export class PullRequestHosts {
  readonly #hosts: PullRequestHost[];

  /**
   * Credentials are those of `integrations`.
   *
   * @throws InputError with the path of a bad key, or for a host that is not under `integrations`
   */
  static fromConfig(config: Config): PullRequestHosts {
    const hosts = GitHosts.fromConfig(config);
    const key = 'platform.pullRequests.hosts';
    return new PullRequestHosts(
      readWebhookSecrets(config).map(({ host, webhookSecret }) => {
        const found = hosts.get(host);
        if (found) {
          const { client } = found;
          const dialect =
            found.kind === 'gitea'
              ? giteaDialect(found.integration, webhookSecret)
              : githubDialect(found.integration, webhookSecret);
          return new RestHost({ client, dialect });
        }
        throw new InputError(
          `${key}: ${host} is not under integrations.github or integrations.gitea. Add it there with a token.`,
        );
      }),
    );
  }

  constructor(hosts: PullRequestHost[]) {
    this.#hosts = hosts;
  }

  all(): PullRequestHost[] {
    return this.#hosts;
  }

  /** @throws NotFoundError that lists the hosts */
  get(host: string): PullRequestHost {
    const found = this.#hosts.find(one => one.host === host);
    if (found) return found;
    const names = this.#hosts.map(one => one.host).join(', ') || 'none';
    throw new NotFoundError(
      `Pull requests of "${host}" get no environments. Connected under platform.pullRequests.hosts: ${names}.`,
    );
  }

  /**
   * @param url - of a repository's page, or of anything in it
   * @returns undefined where it is at no host that is connected
   */
  repositoryAt(
    url: string,
  ): { host: PullRequestHost; repository: RepositoryName } | undefined {
    const text = url.replace(/^url:/, '');
    for (const host of this.#hosts) {
      const pages = host
        .repositoryUrl({ owner: '', name: '' })
        .replace(/\/+$/, '');
      const repository = repositoryIn(text, pages);
      if (repository) return { host, repository };
    }
    return undefined;
  }
}
