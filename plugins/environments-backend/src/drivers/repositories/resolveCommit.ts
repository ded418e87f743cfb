import { InputError, NotFoundError } from '@backstage/errors';
import {
  credentialsFor,
  failureOf,
  git,
  nameOf,
  RepositoryLocation,
} from '@highroad/plugin-platform-node/git';
import { tmpdir } from 'node:os';
import { gitError } from './failures';

const QUICK_MS = 15_000;
const COMMIT = /^[0-9a-f]{40}([0-9a-f]{24})?$/;
/** As branches and tags can be called, as far as anybody does. */
const REVISION = /^(?!-)[\w./+@-]{1,200}$/;

/**
 * The commit that a revision stands for.
 *
 * @param revision - commit, branch or tag; the default branch if left out
 * @throws InputError, NotFoundError, NotAllowedError, ServiceUnavailableError
 */
export async function resolveCommit(
  location: RepositoryLocation,
  revision: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  if (revision && COMMIT.test(revision)) return revision;
  if (revision && !REVISION.test(revision)) {
    throw new InputError(
      `"${revision}" is no commit, branch or tag. Write one in its place.`,
    );
  }
  if (location.kind === 'local') {
    return localCommit(location, revision, signal);
  }
  const names = revision
    ? [
        `refs/heads/${revision}`,
        `refs/tags/${revision}^{}`,
        `refs/tags/${revision}`,
      ]
    : ['HEAD'];
  const { code, stdout, stderr } = await git(
    ['ls-remote', '--', location.url, ...names],
    {
      directory: tmpdir(),
      timeoutMs: QUICK_MS,
      maxBytes: 1024 * 1024,
      network: true,
      settings: credentialsFor(location),
      signal,
    },
  ).catch(error => {
    throw gitError(error, location);
  });
  if (code !== 0) {
    const what = revision ? `the revision ${revision}` : 'its default branch';
    throw failureOf(location, what, stderr);
  }
  const found = new Map(
    stdout
      .toString('utf8')
      .split('\n')
      .flatMap((line): Array<[string, string]> => {
        const [commit, name] = line.split(/\s+/);
        return name ? [[name, commit]] : [];
      }),
  );
  for (const name of names) {
    const commit = found.get(name);
    if (commit) return commit;
  }
  throw noRevision(location, revision);
}

async function localCommit(
  location: Extract<RepositoryLocation, { kind: 'local' }>,
  revision: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const { code, stdout } = await git(
    [
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${revision ?? 'HEAD'}^{commit}`,
    ],
    {
      directory: location.directory,
      timeoutMs: QUICK_MS,
      maxBytes: 1024,
      signal,
    },
  );
  if (code !== 0) throw noRevision(location, revision);
  return stdout.toString('utf8').trim();
}

function noRevision(
  location: RepositoryLocation,
  revision = 'at all',
): NotFoundError {
  return new NotFoundError(
    `${nameOf(
      location,
    )} has no branch or tag ${revision}. Write one that it has as the revision.`,
  );
}
