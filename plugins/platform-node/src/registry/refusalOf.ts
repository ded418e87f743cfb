import {
  RegistryError,
  RegistryRateLimitedError,
  RegistryUnauthorizedError,
  RegistryUnavailableError,
} from './registryErrors';
import { RegistryAccess } from './RegistrySettings';

/** What an answer that is neither a success nor "there is none" means. Its body is not shown: it may be anything. */
export async function refusalOf(
  response: Response,
  access: RegistryAccess,
  repository: string,
): Promise<RegistryError> {
  await response.body?.cancel();
  const { registry, credentials } = access;
  const { status } = response;
  if (status === 401 || status === 403) {
    return new RegistryUnauthorizedError(
      credentials
        ? `The registry ${registry} does not let "${credentials.username}" read ${repository} (${status}). Check the credentials under "platform.registries" in app-config, and that the image exists.`
        : `The registry ${registry} does not let the platform read ${repository} (${status}). If it exists, add credentials for ${registry} under "platform.registries" in app-config.`,
    );
  }
  if (status === 429) {
    const seconds = retryAfter(response.headers.get('retry-after'));
    const wait = seconds === undefined ? 'later' : `in ${Math.ceil(seconds)} s`;
    const hint = credentials
      ? ''
      : ` With credentials under "platform.registries" it may allow more.`;
    return new RegistryRateLimitedError(
      `The registry ${registry} answers too many requests (429), asked for ${repository}. Try again ${wait}.${hint}`,
      seconds,
    );
  }
  return new RegistryUnavailableError(
    `The registry ${registry} answers ${status}, asked for ${repository}. Nothing was changed; try again when it is well.`,
  );
}

/** In seconds from now. Only the number is read: a date would need a clock that agrees with the registry's. */
function retryAfter(header: string | null): number | undefined {
  return header && /^\d{1,6}$/.test(header.trim()) ? Number(header) : undefined;
}
