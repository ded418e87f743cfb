import { InputError, NotFoundError } from '@backstage/errors';
import {
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
import { gitError } from '../repositories/failures';

/** Seeds are this large at most, in bytes. */
export const MOST_SEED_BYTES = 200 * 1024 * 1024;
/** What Git LFS leaves in a repository in place of a file: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
const LFS_POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\//;
const MOST_POINTER_BYTES = 1024;
const FETCH_MS = 300_000;
const QUICK_MS = 15_000;

/** A file of a repository at a commit, on this machine until it is let go of. */
export interface CheckedOutFile {
  /** Git's name of what it holds */
  content: string;
  /** In bytes */
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
    const entry = await entryOf(location, directory, commit, path, signal);
    return {
      ...entry,
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
    throw gitError(error, location);
  });
  if (code === 0) return;
  if (
    /not our ref|unadvertised object|couldn't find remote ref/i.test(stderr)
  ) {
    throw noCommit(nameOf(location), commit);
  }
  throw failureOf(location, `commit ${commit}`, stderr);
}

async function entryOf(
  location: RepositoryLocation,
  directory: string,
  commit: string,
  path: string,
  signal: AbortSignal,
): Promise<Pick<CheckedOutFile, 'content' | 'size'>> {
  const look = (args: string[]) =>
    git(args, {
      directory,
      timeoutMs: QUICK_MS,
      maxBytes: 1024 * 1024,
      signal,
    });
  const { code, stdout } = await look(['ls-tree', '-l', commit, '--', path]);
  const entry = /^(\d+) (\w+) (\w+)\s+(\d+|-|BAD)\t/.exec(
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
  const size = Number(entry[4]);
  if (size <= MOST_POINTER_BYTES) {
    const { stdout: text } = await look([
      ...['cat-file', 'blob', `${commit}:${path}`],
    ]);
    if (LFS_POINTER.test(text.toString('latin1'))) {
      throw new InputError(
        `${path} of ${nameOf(
          location,
        )} is kept with Git LFS: what is in the repository only says where it is. Commit the file itself, in which case a Git host may take less than ${
          MOST_SEED_BYTES / 1024 / 1024
        } MB (GitHub 100 MB), or a smaller one.`,
      );
    }
  }
  if (size <= MOST_SEED_BYTES) return { content: entry[3], size };
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
