import {
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  BoundExceededError,
  credentialsFor,
  failureOf,
  git,
  nameOf,
  noCommit,
  RepositoryLocation,
} from '@highroad/plugin-platform-node/git';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Seeds are this large at most, in bytes. */
export const MOST_SEED_BYTES = 200 * 1024 * 1024;
const FETCH_MS = 300_000;
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
    throw late(error, location);
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

/** A file of a repository at a commit, on this machine until it is let go of. */
export interface CheckedOutFile {
  size: number;
  open(signal: AbortSignal): AsyncIterable<Buffer>;
  remove(): Promise<void>;
}

/**
 * Fetches a commit, and finds a file in it. Nothing of the repository is run or unpacked.
 *
 * @throws InputError, NotFoundError, NotAllowedError, ServiceUnavailableError
 */
export async function fetchFile(
  location: RepositoryLocation,
  commit: string,
  path: string,
  signal: AbortSignal,
): Promise<CheckedOutFile> {
  const work =
    location.kind === 'remote'
      ? await mkdtemp(join(tmpdir(), 'highroad-seed-'))
      : undefined;
  const remove = async () => {
    if (work) await rm(work, { recursive: true, force: true });
  };
  try {
    const directory =
      work ?? (location.kind === 'local' ? location.directory : '');
    if (location.kind === 'remote') {
      await fetchCommit(location, commit, directory, signal);
    }
    const size = await sizeOf(location, directory, commit, path, signal);
    return {
      size,
      open: reading => blob(directory, commit, path, reading),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function fetchCommit(
  location: Extract<RepositoryLocation, { kind: 'remote' }>,
  commit: string,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  const bounds = { directory, maxBytes: 1024 * 1024, signal };
  const made = await git(['init', '--quiet', '--bare', directory], {
    ...bounds,
    timeoutMs: QUICK_MS,
  });
  if (made.code !== 0) throw new Error(`git init failed: ${made.stderr}`);
  const { code, stderr } = await git(
    [
      ...[
        'fetch',
        '--quiet',
        '--depth=1',
        '--no-tags',
        '--no-write-fetch-head',
      ],
      // What is larger is no seed, and stays where it is.
      ...[
        `--filter=blob:limit=${MOST_SEED_BYTES + 1}`,
        '--',
        location.url,
        commit,
      ],
    ],
    {
      ...bounds,
      timeoutMs: FETCH_MS,
      network: true,
      settings: credentialsFor(location),
    },
  ).catch(error => {
    throw late(error, location);
  });
  if (code === 0) return;
  if (
    /not our ref|unadvertised object|couldn't find remote ref/i.test(stderr)
  ) {
    throw noCommit(nameOf(location), commit);
  }
  throw failureOf(location, `commit ${commit}`, stderr);
}

async function sizeOf(
  location: RepositoryLocation,
  directory: string,
  commit: string,
  path: string,
  signal: AbortSignal,
): Promise<number> {
  const look = (args: string[]) =>
    git(args, {
      directory,
      timeoutMs: QUICK_MS,
      maxBytes: 1024 * 1024,
      signal,
    });
  const { code, stdout } = await look(['ls-tree', '-l', commit, '--', path]);
  const entry = /^(\d+) (\w+) \w+\s+(\d+|-|BAD)\t/.exec(
    stdout.toString('utf8'),
  );
  if (code !== 0 || !entry || entry[2] !== 'blob') {
    throw new NotFoundError(
      `${nameOf(location)} has no file ${path} at ${commit.slice(
        0,
        12,
      )}. Commit it there, or change the path of the seed.`,
    );
  }
  if (entry[1] === '120000') {
    throw new InputError(
      `${path} of ${nameOf(
        location,
      )} is a symbolic link. Name the file itself as the seed.`,
    );
  }
  const size = Number(entry[3]);
  if (size <= MOST_SEED_BYTES) return size;
  throw new InputError(
    `${path} of ${nameOf(location)} is larger than ${
      MOST_SEED_BYTES / 1024 / 1024
    } MB, which is the most that a seed may be.`,
  );
}

async function* blob(
  directory: string,
  commit: string,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const child = spawn('git', ['cat-file', 'blob', `${commit}:${path}`], {
    signal,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      ...{ PATH: process.env.PATH, HOME: '/nonexistent', LC_ALL: 'C' },
      ...{ GIT_DIR: directory, GIT_CONFIG_NOSYSTEM: '1' },
      ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_ALLOW_PROTOCOL: 'none' },
      ...{ GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory' },
      GIT_CONFIG_VALUE_0: '*',
    },
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // Told below; until then nobody listens.
  ended.catch(() => {});
  try {
    for await (const chunk of child.stdout) yield Buffer.from(chunk);
    const code = await ended;
    if (code !== 0) throw new Error(`git cat-file ended with ${code}.`);
  } finally {
    child.kill('SIGKILL');
  }
}

function late(error: unknown, location: RepositoryLocation): unknown {
  return error instanceof BoundExceededError
    ? new ServiceUnavailableError(
        `${nameOf(location)} could not be read in time: ${
          error.message
        } It is tried again.`,
      )
    : error;
}
