import {
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';

const TIMEOUT_MS = 10_000;
const PROBE_TIMEOUT_MS = 2_000;

/**
 * Asks a Git host's API.
 *
 * @returns the answer for any 2xx, 404 and 409 status, which mean something to the caller
 * @throws NotAllowedError for 401 and 403; ServiceUnavailableError when the host fails or does not answer in 10 s
 */
export async function askGitHost(
  host: string,
  url: string,
  init: {
    method?: 'GET' | 'PATCH' | 'DELETE';
    headers: Record<string, string>;
    body?: string;
  },
): Promise<Response> {
  const response = await reach(
    host,
    url,
    { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) },
    'Nothing was created; try again when it does.',
  );

  if (response.ok || response.status === 404 || response.status === 409) {
    return response;
  }
  if (response.status === 401 || response.status === 403) {
    throw new NotAllowedError(
      `${host} refused the portal's token (${response.status}). Check the token under "integrations" in app-config: it must be able to create repositories.`,
    );
  }
  throw new ServiceUnavailableError(
    `${host} answered ${response.status}. Nothing was created; try again later.`,
  );
}

/** @throws NotFoundError where the host knows no such repository, or does not show it to the portal */
export function requireFound(
  response: Response,
  asked: { host: string; repository: { owner: string; name: string } },
): void {
  if (response.ok) return;
  const { owner, name } = asked.repository;
  throw new NotFoundError(
    `${asked.host} has no repository ${owner}/${name} that the portal may change (${response.status}). Was it moved or deleted?`,
  );
}

/**
 * Whether a Git host answers, and takes the portal's credentials.
 *
 * @throws ServiceUnavailableError, NotAllowedError with what is wrong, for whoever wants to create there
 */
export async function requireAnswer(
  host: string,
  url: string,
  headers: Record<string, string>,
): Promise<void> {
  const response = await reach(
    host,
    url,
    { headers, signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) },
    'It is used as soon as it does.',
  );
  await response.body?.cancel();
  if (response.status === 401 || response.status === 403) {
    throw new NotAllowedError(
      `${host} refuses the portal's user (${response.status}). Check its password or token under "integrations" in app-config.`,
    );
  }
  if (response.status >= 500) {
    throw new ServiceUnavailableError(
      `${host} answers ${response.status}. It is used as soon as it is well.`,
    );
  }
}

/**
 * Sends a request to a Git host.
 *
 * @param hint - what follows in the error from nobody being there
 * @returns the answer, of any status
 * @throws ServiceUnavailableError when there is none
 */
export async function reach(
  host: string,
  url: string,
  init: RequestInit,
  hint = '',
): Promise<Response> {
  return fetch(url, init).catch(error => {
    const why = `${host} does not answer (${error.cause?.code ?? error.name}).`;
    throw new ServiceUnavailableError(`${why} ${hint}`.trim());
  });
}
