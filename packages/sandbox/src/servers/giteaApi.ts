import { Connection } from '../connection/schema';

/** Gitea's answer to a request that it did not carry out. */
export class GiteaError extends Error {
  constructor(readonly status: number, request: string, body: string) {
    super(`Gitea, ${request}: ${status} ${body.slice(0, 300)}`);
    this.name = 'GiteaError';
  }
}

/**
 * Asks the sandbox's Gitea, as the portal's user.
 *
 * @param path - below /api/v1
 * @throws GiteaError for any status of 400 or more
 */
export async function giteaRequest(
  gitea: Pick<Connection['gitea'], 'address' | 'username' | 'password'>,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const response = await fetch(`${gitea.address}/api/v1/${path}`, {
    method,
    headers: {
      Authorization: giteaAuthorization(gitea),
      'Content-Type': 'application/json',
    },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  if (!response.ok)
    throw new GiteaError(response.status, `${method} ${path}`, text);
  return text ? JSON.parse(text) : undefined;
}

/** The value of the header by which the portal's user is known, for Gitea's interface and for Git. */
export function giteaAuthorization({
  username,
  password,
}: Pick<Connection['gitea'], 'username' | 'password'>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
