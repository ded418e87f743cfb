import { InputError, isError } from '@backstage/errors';
import { CORRELATION_HEADER } from '@highroad/plugin-platform-common';
import { readFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import createClient from 'node-vault';
import { z } from 'zod';
import { awaitLeader } from './awaitLeader';
import { currentCorrelation } from './correlation';
import { answerIn, explain } from './vaultErrors';
import { VaultAuth, VaultRole, VaultSettings } from './VaultSettings';

const loginSchema = z.object({
  auth: z.object({ client_token: z.string(), lease_duration: z.number() }),
});
/** What of a request is secret. */
const secretsSchema = z
  .object({
    data: z.object({ value: z.string() }),
    ...{ secret_id: z.string(), jwt: z.string() },
  })
  .partial();
const lookupSchema = z.object({
  data: z.object({ ttl: z.number(), renewable: z.boolean().default(false) }),
});
/** A token is renewed when less than this share of its life is left. */
const RENEW_SHARE = 1 / 3;

type Client = ReturnType<typeof createClient>;

/** What is asked of Vault, below /v1. */
export interface VaultRequest {
  method: 'GET' | 'LIST' | 'POST' | 'DELETE';
  path: string;
  body?: object;
  /** Goes on from "could not": said when it fails */
  what: string;
}

/** Vault as one of the platform's roles: signs in, keeps its token, and says in words what goes wrong. */
export class VaultSession {
  readonly #settings: VaultSettings;
  readonly #role: VaultRole;
  readonly #auth: VaultAuth;
  readonly #now: () => number;
  readonly #client: Client;
  #token: { value: string; bornAt: number; ttlMs: number } | undefined;
  #signingIn: Promise<string> | undefined;

  /**
   * @param options.now - milliseconds since 1970
   * @throws InputError that names `platform.vault.caFile`, where that cannot be read
   */
  constructor(options: {
    settings: VaultSettings;
    role: VaultRole;
    auth: VaultAuth;
    now: () => number;
  }) {
    const { settings } = options;
    this.#settings = settings;
    this.#role = options.role;
    this.#auth = options.auth;
    this.#now = options.now;
    const clientOptions = {
      endpoint: settings.url,
      // Its own notes hold values and tokens.
      debug: () => {},
      rpDefaults: {
        strictSSL: true,
        timeout: settings.timeoutSeconds * 1000,
      },
      requestOptions: settings.caFile
        ? { ca: readAuthority(settings.caFile) }
        : {},
    };
    const client = createClient(clientOptions);
    // It takes these from the environment of the process where they are not given.
    Object.assign(client, {
      token: '',
      pathPrefix: '',
      namespace: settings.namespace ?? '',
    });
    this.#client = client;
  }

  /** Address of Vault. */
  get url(): string {
    return this.#settings.url;
  }

  /**
   * @returns the answer's body; nothing for what is not there
   * @throws VaultError, or what `refusal` makes of an answer
   */
  async ask(
    request: VaultRequest,
    refusal?: (status: number, words: string) => Error | undefined,
  ): Promise<unknown> {
    const attempt = this.#attempt(request.what, request);
    const sent = (token: string) => ({
      ...attempt,
      secrets: [token, ...secretsIn(request.body)],
    });
    const token = await this.#currentToken();
    try {
      return await this.#send(request, token);
    } catch (error) {
      const answer = answerIn(error);
      if (answer?.status === 404) return undefined;
      const refused = answer && refusal?.(answer.status, answer.words);
      if (refused) throw refused;
      if (answer?.status !== 403) throw explain(error, sent(token));
    }
    // The token may have been revoked, or its policies may have changed since it was given.
    this.#token = undefined;
    const another = await this.#currentToken();
    try {
      return await this.#send(request, another);
    } catch (error) {
      const answer = answerIn(error);
      if (answer?.status === 404) return undefined;
      const refused = answer && refusal?.(answer.status, answer.words);
      throw refused ?? explain(error, sent(another));
    }
  }

  /**
   * Renews the token of a file where it is time for it, also while nobody asks anything: once it has ended, it is for whoever
   * writes the file to replace. Another way to sign in gives a new one when it is needed.
   *
   * @throws VaultError if it is not taken any more
   */
  async keepSignedIn(): Promise<void> {
    if ('tokenFile' in this.#auth) await this.#currentToken();
  }

  #attempt(what: string, needs?: Pick<VaultRequest, 'method' | 'path'>) {
    const { url } = this.#settings;
    // What comes after the path chooses a version; policies know none.
    const path = needs?.path.replace(/\?.*$/, '');
    return {
      ...{ what, url, role: this.#role },
      ...(needs && path && { needs: { method: needs.method, path } }),
    };
  }

  #send({ method, path, body }: VaultRequest, token?: string) {
    const correlation = currentCorrelation();
    const send = () =>
      this.#client.request({
        path: `/${path}`,
        method,
        ...(body && { json: body }),
        headers: {
          ...(token && { 'X-Vault-Token': token }),
          ...(correlation && { [CORRELATION_HEADER]: correlation }),
        },
      });
    return awaitLeader(send, {
      ...{ now: this.#now, random: Math.random },
      forMs: this.#settings.timeoutSeconds * 1000,
    });
  }

  async #currentToken(): Promise<string> {
    const token = this.#token;
    if (token) {
      const left = token.bornAt + token.ttlMs - this.#now();
      if (token.ttlMs === 0 || left > token.ttlMs * RENEW_SHARE) {
        return token.value;
      }
    }
    this.#signingIn ??= (
      token ? this.#renew(token.value) : this.#signIn()
    ).finally(() => {
      this.#signingIn = undefined;
    });
    return this.#signingIn;
  }

  async #renew(token: string): Promise<string> {
    try {
      const answer = await this.#send(
        { method: 'POST', path: 'auth/token/renew-self', what: '', body: {} },
        token,
      );
      const { auth } = loginSchema.parse(answer);
      const before = this.#token?.ttlMs ?? 0;
      const ttlMs = auth.lease_duration * 1000;
      // At the end of its longest life it is given less and less; then it is time for another.
      if (ttlMs < before * RENEW_SHARE) return await this.#signIn();
      return this.#keep(token, ttlMs);
    } catch {
      // Whatever is wrong with it, signing in says so or mends it.
      return this.#signIn();
    }
  }

  async #signIn(): Promise<string> {
    const auth = this.#auth;
    if ('tokenFile' in auth) {
      const token = (await readFile(auth.tokenFile, 'utf8')).trim();
      const answer = await this.#send(
        { method: 'GET', path: 'auth/token/lookup-self', what: '' },
        token,
      ).catch(error => {
        throw explain(error, {
          ...this.#attempt(`sign in with the token of ${auth.tokenFile}`),
          secrets: [token],
        });
      });
      const { ttl, renewable } = lookupSchema.parse(answer).data;
      // One that cannot be renewed is for whoever writes the file to replace.
      return this.#keep(token, renewable ? ttl * 1000 : 0);
    }
    const body =
      'roleId' in auth
        ? {
            role_id: auth.roleId,
            secret_id:
              auth.secretId ??
              (await readFile(auth.secretIdFile ?? '', 'utf8')).trim(),
          }
        : {
            role: auth.kubernetesRole,
            jwt: (await readFile(auth.tokenPath, 'utf8')).trim(),
          };
    const answer = await this.#send({
      method: 'POST',
      path: `auth/${auth.mount}/login`,
      body,
      what: '',
    }).catch(error => {
      throw explain(error, {
        ...this.#attempt(`sign in by ${auth.mount}`),
        secrets: secretsIn(body),
      });
    });
    const { client_token, lease_duration } = loginSchema.parse(answer).auth;
    return this.#keep(client_token, lease_duration * 1000);
  }

  #keep(value: string, ttlMs: number): string {
    this.#token = { value, bornAt: this.#now(), ttlMs };
    return value;
  }
}

/** Of the authority that signed Vault's certificate, as PEM. */
function readAuthority(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const why = isError(error) ? error.code : error;
    throw new InputError(
      `platform.vault.caFile: ${file} cannot be read (${why}). Put the PEM of the authority that signed Vault's certificate there, where the portal may read it; or leave it out.`,
    );
  }
}

function secretsIn(body: object | undefined): string[] {
  const { data, secret_id, jwt } = secretsSchema.safeParse(body).data ?? {};
  return [data?.value, secret_id, jwt].filter(one => one !== undefined);
}
