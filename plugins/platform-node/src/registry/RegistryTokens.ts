import { z } from 'zod';
import { readJson } from './boundedBody';
import { Challenge } from './challenge';
import {
  RegistryUnauthorizedError,
  RegistryUnavailableError,
} from './registryErrors';
import { RegistryAccess } from './RegistrySettings';
import { refusalOf } from './refusalOf';

// https://distribution.github.io/distribution/spec/auth/token/#token-response-fields
const tokenSchema = z
  .object({
    token: z.string().min(1).optional(),
    access_token: z.string().min(1).optional(),
    expires_in: z.number().positive().default(60),
  })
  .transform(({ token, access_token, expires_in }, context) => {
    const value = token ?? access_token;
    if (value !== undefined) return { value, seconds: expires_in };
    context.addIssue({ code: 'custom', message: 'there is no token' });
    return z.NEVER;
  });

const MOST_BYTES = 256 * 1024;
const MOST_TOKENS = 1_000;
/** A token is taken for over this much earlier than it is, so that it does not end on its way. */
const SPARE_MS = 10_000;

/** The tokens that registries gave, each for one repository, kept until they end. */
export class RegistryTokens {
  readonly #fetch: typeof fetch;
  readonly #now: () => number;
  readonly #tokens = new Map<string, { header: string; until: number }>();

  constructor(options: { fetch: typeof fetch; now: () => number }) {
    this.#fetch = options.fetch;
    this.#now = options.now;
  }

  /** What to send before being asked; undefined where it is not known yet. */
  known(access: RegistryAccess, repository: string): string | undefined {
    const key = keyOf(access, repository);
    const token = this.#tokens.get(key);
    if (!token) return undefined;
    if (this.#now() < token.until) return token.header;
    this.#tokens.delete(key);
    return undefined;
  }

  /**
   * What a registry asked for.
   *
   * @returns the value of an `Authorization` header
   * @throws RegistryUnauthorizedError, RegistryRateLimitedError, RegistryUnavailableError
   */
  async obtain(
    access: RegistryAccess,
    repository: string,
    challenge: Challenge,
    signal: AbortSignal,
  ): Promise<string> {
    const { credentials } = access;
    const basic =
      credentials &&
      basicHeader(credentials.username, credentials.password.reveal());
    if (challenge.scheme === 'basic') {
      if (basic) return this.#keep(access, repository, basic, Infinity);
      throw new RegistryUnauthorizedError(
        `The registry ${access.registry} wants a user name and a password for ${repository}. Add them under "platform.registries" in app-config.`,
      );
    }

    const url = realmOf(access, challenge.realm);
    if (challenge.service) url.searchParams.set('service', challenge.service);
    url.searchParams.set(
      'scope',
      challenge.scope ?? `repository:${repository}:pull`,
    );
    const response = await this.#fetch(url, {
      headers: {
        Accept: 'application/json',
        ...(basic && { Authorization: basic }),
      },
      // Credentials go where the registry said, and nowhere from there.
      redirect: 'manual',
      signal,
    });
    if (!response.ok) throw await refusalOf(response, access, repository);
    const parsed = tokenSchema.safeParse(await readJson(response, MOST_BYTES));
    if (!parsed.success) {
      throw new RegistryUnavailableError(
        `${url.host}, which gives out tokens for the registry ${access.registry}, answered something that is no token.`,
      );
    }
    const { value, seconds } = parsed.data;
    return this.#keep(
      access,
      repository,
      `Bearer ${value}`,
      this.#now() + seconds * 1000 - SPARE_MS,
    );
  }

  #keep(
    access: RegistryAccess,
    repository: string,
    header: string,
    until: number,
  ) {
    if (this.#tokens.size >= MOST_TOKENS) this.#tokens.clear();
    this.#tokens.set(keyOf(access, repository), { header, until });
    return header;
  }
}

/** Only where the credentials cannot be read on their way: https, or the host itself where that is reached by http. */
function realmOf(access: RegistryAccess, realm: string): URL {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  const isSafe =
    url &&
    !url.username &&
    !url.password &&
    (url.protocol === 'https:' ||
      (access.insecure &&
        url.protocol === 'http:' &&
        url.hostname === new URL(access.baseUrl).hostname));
  if (url && isSafe) return url;
  throw new RegistryUnauthorizedError(
    `The registry ${access.registry} sends for a token to "${realm.slice(
      0,
      200,
    )}", which is neither https nor the registry itself. No credentials were sent there.`,
  );
}

function keyOf({ registry }: RegistryAccess, repository: string): string {
  return `${registry}/${repository}`;
}

function basicHeader(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
