import { parseChallenge } from './challenge';
import { refusalOf } from './refusalOf';
import { RegistryUnavailableError } from './registryErrors';
import { RegistryAccess } from './RegistrySettings';
import { RegistryTokens } from './RegistryTokens';

const MOST_REDIRECTS = 3;

/** What is asked of a registry. */
export interface RegistryRequest {
  access: RegistryAccess;
  repository: string;
  /** Below `/v2/<repository>/`, with its query */
  path: string;
  accept?: string;
  method?: 'GET' | 'HEAD';
  signal: AbortSignal;
}

/** Speaks the OCI distribution protocol, with whatever sign-in a registry asks for. */
export class RegistryConnection {
  readonly #fetch: typeof fetch;
  readonly #tokens: RegistryTokens;

  constructor(options: { fetch: typeof fetch; now: () => number }) {
    this.#fetch = options.fetch;
    this.#tokens = new RegistryTokens(options);
  }

  /**
   * @returns the answer, a success or 404
   * @throws RegistryUnauthorizedError, RegistryRateLimitedError, RegistryUnavailableError
   */
  async ask(request: RegistryRequest): Promise<Response> {
    const { access, repository, signal } = request;
    let response = await this.#send(
      request,
      this.#tokens.known(access, repository),
    );
    if (response.status === 401) {
      const challenge = parseChallenge(
        response.headers.get('www-authenticate'),
      );
      if (challenge) {
        await response.body?.cancel();
        const authorization = await this.#tokens.obtain(
          access,
          repository,
          challenge,
          signal,
        );
        response = await this.#send(request, authorization);
      }
    }
    if (response.ok || response.status === 404) return response;
    throw await refusalOf(response, access, repository);
  }

  /** Follows redirects itself: layers and configurations are often kept at another host, which gets no credentials. */
  async #send(
    { access, repository, path, accept, method, signal }: RegistryRequest,
    authorization: string | undefined,
  ): Promise<Response> {
    const start = new URL(`${access.baseUrl}/v2/${repository}/${path}`);
    let url = start;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const isRegistry = url.origin === start.origin;
      const response = await this.#fetch(url, {
        method,
        redirect: 'manual',
        signal,
        headers: {
          ...(accept && { Accept: accept }),
          ...(authorization && isRegistry && { Authorization: authorization }),
        },
      });
      const location = response.headers.get('location');
      if (![301, 302, 303, 307, 308].includes(response.status) || !location)
        return response;
      await response.body?.cancel();
      url = nextOf(url, location, access);
    }
    throw new RegistryUnavailableError(
      `The registry ${access.registry} sends from one address to the next, asked for ${repository}.`,
    );
  }
}

function nextOf(from: URL, location: string, access: RegistryAccess): URL {
  const to = URL.canParse(location, from.href)
    ? new URL(location, from)
    : undefined;
  const isSafe =
    to?.protocol === 'https:' ||
    (to?.protocol === 'http:' &&
      access.insecure &&
      to.hostname === from.hostname);
  if (to && isSafe) return to;
  throw new RegistryUnavailableError(
    `The registry ${access.registry} sends to an address that is not https. It was not followed.`,
  );
}
