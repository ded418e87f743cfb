import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  DefaultGithubCredentialsProvider,
  GiteaIntegration,
  GithubCredentialsProvider,
  ScmIntegrations,
} from '@backstage/integration';
import { parseRepositoryUrl } from '@highroad/plugin-local-repositories-common';
import { LocalRepositories } from '@highroad/plugin-local-repositories-node';
import { SecretValue } from '@highroad/plugin-platform-common';

/** Where Git reads a repository from. */
export type RepositoryLocation = { owner: string; name: string } & (
  | {
      kind: 'remote';
      /** Host, with its port */
      host: string;
      /** What `git fetch` takes; holds no credentials */
      url: string;
      /** Value of an `Authorization` header */
      authorization?: SecretValue;
    }
  | { kind: 'local'; directory: string }
);

const SEGMENT = /^[A-Za-z0-9_.-]{1,100}$/;

/** Finds repositories by the address of their page, only at the Git hosts that app-config connects. */
export class RepositoryLocator {
  readonly #integrations: ScmIntegrations;
  readonly #github: GithubCredentialsProvider;
  readonly #local: LocalRepositories | undefined;
  readonly #portalUrl: string;

  static fromConfig(config: Config): RepositoryLocator {
    return new RepositoryLocator(config);
  }

  private constructor(config: Config) {
    this.#integrations = ScmIntegrations.fromConfig(config);
    this.#github = DefaultGithubCredentialsProvider.fromIntegrations(
      this.#integrations,
    );
    this.#local = LocalRepositories.fromConfig(config);
    this.#portalUrl = config.getOptionalString('app.baseUrl') ?? '';
  }

  /**
   * @param repository - such as `https://github.com/acme/cart`, or the address of anything in it
   * @throws InputError for an address at no host that is connected
   */
  async locate(repository: string): Promise<RepositoryLocation> {
    const local =
      this.#local && parseRepositoryUrl(repository, this.#portalUrl);
    if (local && this.#local) {
      const { owner, name } = local;
      return {
        kind: 'local',
        owner,
        name,
        directory: this.#local.directory({ owner, name }),
      };
    }
    const shown = withoutCredentials(repository);
    if (shown === undefined) {
      throw new InputError(
        `The repository is not given by an address such as https://github.com/acme/cart.`,
      );
    }
    const integration = this.#integrations.byUrl(shown);
    if (integration?.type === 'gitea') {
      const gitea = this.#integrations.gitea.byUrl(shown);
      if (gitea) return giteaLocation(gitea, shown);
    }
    const github = this.#integrations.github.byUrl(shown);
    if (!github) {
      throw new InputError(
        `The repository ${shown} is at no Git host that manifests can be read from. Connect GitHub or Gitea under "integrations" in app-config.`,
      );
    }
    const { host } = github.config;
    const base = `https://${host}`;
    const { owner, name } = ownerAndName(shown, base);
    const url = `${base}/${owner}/${name}`;
    const { token } = await this.#github.getCredentials({ url });
    return {
      kind: 'remote',
      host,
      owner,
      name,
      url: `${url}.git`,
      ...(token && { authorization: basic('x-access-token', token) }),
    };
  }
}

function giteaLocation(
  { config }: GiteaIntegration,
  repository: string,
): RepositoryLocation {
  const { host, username, password } = config;
  const base = (config.baseUrl ?? `https://${host}`).replace(/\/$/, '');
  const { owner, name } = ownerAndName(repository, base);
  return {
    kind: 'remote',
    host,
    owner,
    name,
    url: `${base}/${owner}/${name}.git`,
    ...(password && {
      // Gitea takes a token for a password whatever the name.
      authorization: basic(username ?? 'token', password),
    }),
  };
}

function ownerAndName(url: string, base: string) {
  const path = new URL(url).pathname;
  const prefix = new URL(base).pathname.replace(/\/$/, '');
  const [owner = '', given = ''] = path
    .slice(path.startsWith(`${prefix}/`) ? prefix.length : 0)
    .split('/')
    .filter(Boolean);
  const name = given.replace(/\.git$/, '');
  const areNames = [owner, name].every(
    part => SEGMENT.test(part) && !/^\.+$/.test(part),
  );
  if (areNames) return { owner, name };
  throw new InputError(
    `${url} does not name a repository. Give an address such as ${base}/acme/cart.`,
  );
}

/** @returns undefined for what is no address */
function withoutCredentials(repository: string): string | undefined {
  const text = repository.replace(/^url:/, '');
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  return `${url.origin}${url.pathname}`;
}

function basic(username: string, password: string): SecretValue {
  return new SecretValue(
    `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
  );
}
