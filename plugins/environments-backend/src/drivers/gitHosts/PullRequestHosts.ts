import { Config } from '@backstage/config';
import { InputError, NotFoundError } from '@backstage/errors';
import {
  DefaultGithubCredentialsProvider,
  getGiteaRequestOptions,
  ScmIntegrations,
} from '@backstage/integration';
import { readConfigAs } from '@highroad/plugin-platform-node';
import { z } from 'zod';
import { githubDialect } from './github/githubDialect';
import { giteaDialect } from './gitea/giteaDialect';
import { GitHostClient } from './GitHostClient';
import { PullRequestHost, RepositoryName } from './PullRequestHost';
import { fullNameSchema } from './repositoryPath';
import { RestHost } from './RestHost';

const hostsSchema = z
  .array(
    z
      .object({
        host: z.string().min(1),
        webhookSecret: z
          .string()
          .min(16, 'choose a secret of at least 16 characters'),
      })
      .strict(),
  )
  .default([]);

/** The Git hosts whose pull requests get environments: those under `platform.pullRequests.hosts`. */
export class PullRequestHosts {
  readonly #hosts: PullRequestHost[];

  /**
   * Credentials are those of `integrations`.
   *
   * @throws InputError with the path of a bad key, or for a host that is not under `integrations`
   */
  static fromConfig(config: Config): PullRequestHosts {
    const integrations = ScmIntegrations.fromConfig(config);
    const github =
      DefaultGithubCredentialsProvider.fromIntegrations(integrations);
    const key = 'platform.pullRequests.hosts';
    return new PullRequestHosts(
      readConfigAs(config, key, hostsSchema).map(({ host, webhookSecret }) => {
        const gitea = integrations.gitea.byHost(host)?.config;
        if (gitea) {
          const { baseUrl = `https://${host}` } = gitea;
          return new RestHost({
            dialect: giteaDialect(gitea, webhookSecret),
            client: new GitHostClient({
              host,
              apiUrl: `${baseUrl.replace(/\/$/, '')}/api/v1`,
              headers: async () => getGiteaRequestOptions(gitea).headers ?? {},
            }),
          });
        }
        const found = integrations.github.byHost(host)?.config;
        if (found) {
          const { apiBaseUrl = `https://${host}/api/v3` } = found;
          return new RestHost({
            dialect: githubDialect(found, webhookSecret),
            client: new GitHostClient({
              host,
              apiUrl: apiBaseUrl.replace(/\/$/, ''),
              headers: async path => {
                // An app has a token for each owner.
                const [owner, name] = path.startsWith('/repos/')
                  ? path.split('/').slice(2)
                  : ['-', '-'];
                const { headers } = await github.getCredentials({
                  url: `https://${host}/${owner}/${name}`,
                });
                return { ...headers, 'X-GitHub-Api-Version': '2022-11-28' };
              },
            }),
          });
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
      const pages = `${host.repositoryUrl({ owner: '', name: '' })}`.replace(
        /\/+$/,
        '/',
      );
      if (!text.startsWith(pages)) continue;
      const [owner = '', name = ''] = text.slice(pages.length).split(/[/?#]/);
      const parsed = fullNameSchema.safeParse(
        `${owner}/${name.replace(/\.git$/, '')}`,
      );
      if (parsed.success) return { host, repository: parsed.data };
    }
    return undefined;
  }
}
