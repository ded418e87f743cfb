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
      Authorization: `Basic ${Buffer.from(
        `${gitea.username}:${gitea.password}`,
      ).toString('base64')}`,
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
