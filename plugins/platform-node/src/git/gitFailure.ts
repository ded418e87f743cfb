import {
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { RepositoryLocation } from './RepositoryLocation';

/**
 * What it means that `git fetch` or `git ls-remote` failed, in words.
 *
 * @param what - that was asked for, such as `commit abc`
 */
export function failureOf(
  location: Extract<RepositoryLocation, { kind: 'remote' }>,
  what: string,
  said: string,
): Error {
  const { host } = location;
  const name = nameOf(location);
  if (/repository .*not found|returned error: 404/i.test(said)) {
    return new NotFoundError(
      `${host} has no repository ${name}, or does not show it to the platform. Check its address in the catalog, and the token under "integrations" in app-config.`,
    );
  }
  if (
    /authentication failed|returned error: 40[13]|could not read username/i.test(
      said,
    )
  ) {
    return new NotAllowedError(
      `${host} does not let the platform read ${name}. Check the token under "integrations" in app-config.`,
    );
  }
  if (
    /unable to update url base from redirection|returned error: 30\d/i.test(
      said,
    )
  ) {
    return new NotFoundError(
      `${name} has moved at ${host}. Write its new address into the catalog.`,
    );
  }
  const last = said.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
  return new ServiceUnavailableError(
    `${host} did not send ${what} of ${name}: ${last}. Nothing was changed; try again when it is well.`,
  );
}

/** The host answered, and has no such commit. */
export function noCommit(name: string, commit: string): NotFoundError {
  return new NotFoundError(
    `${name} has no commit ${commit}. The version was built from one that was never pushed, or that was removed since; build it again.`,
  );
}

export function nameOf({ owner, name }: RepositoryLocation): string {
  return `${owner}/${name}`;
}
