import { ServiceUnavailableError } from '@backstage/errors';
import { tmpdir } from 'node:os';
import {
  BoundExceededError,
  credentialsFor,
  failureOf,
  git,
  nameOf,
  RepositoryLocation,
} from '../git';

const TIMEOUT_MS = 10_000;
/** As tags of images can be; git takes fewer, and finds nothing then. */
const TAG = /^\w[\w.-]{0,127}$/;

/**
 * The commit that a Git tag of a version's name stands for, with a `v` before it or without, for images that do not say
 * what they were built from.
 *
 * @returns undefined where there is no such tag
 * @throws NotFoundError, NotAllowedError, ServiceUnavailableError
 */
export async function findTaggedCommit(
  location: RepositoryLocation,
  version: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  if (!TAG.test(version)) return undefined;
  const names = [`refs/tags/${version}`, `refs/tags/v${version}`];
  const isRemote = location.kind === 'remote';
  const { code, stdout, stderr } = await git(
    isRemote
      ? // The commit behind an annotated tag is listed beside it.
        [
          'ls-remote',
          '--',
          location.url,
          ...names,
          ...names.map(name => `${name}^{}`),
        ]
      : ['show-ref', '--dereference', '--tags'],
    {
      directory: isRemote ? tmpdir() : location.directory,
      timeoutMs: TIMEOUT_MS,
      maxBytes: 16 * 1024 * 1024,
      network: isRemote,
      settings: isRemote ? credentialsFor(location) : {},
      signal,
    },
  ).catch(error => {
    if (!(error instanceof BoundExceededError)) throw error;
    throw new ServiceUnavailableError(
      `The tags of ${nameOf(location)} could not be read: ${
        error.message
      } Nothing was changed; try again.`,
    );
  });
  // show-ref says by 1 that there are no tags at all.
  if (code !== 0 && location.kind === 'remote')
    throw failureOf(location, `the tag ${version}`, stderr);
  const commits = new Map(
    stdout
      .toString('utf8')
      .split('\n')
      .flatMap(line => {
        const [commit, name] = line.split(/\s+/);
        return name ? [[name, commit]] : [];
      }),
  );
  for (const name of names) {
    const found = commits.get(`${name}^{}`) ?? commits.get(name);
    if (found) return found;
  }
  return undefined;
}
