import { ServiceUnavailableError } from '@backstage/errors';
import { Commit, CommitDifference } from '@highroad/plugin-deployments-common';
import fs from 'fs-extra';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BoundExceededError,
  credentialsFor,
  failureOf,
  git,
  nameOf,
  RepositoryLocation,
  RepositoryLocator,
} from '@highroad/plugin-platform-node/git';

const COMMIT = /^[a-f0-9]{40}(?:[a-f0-9]{24})?$/;
/** How far back two versions may be apart. */
const DEPTH = 500;
const SHOWN = 100;
const FETCH_MS = 20_000;
const QUICK_MS = 10_000;
const MOST_BYTES = 1024 * 1024;
/** Neither can be part of a name or a subject. */
const FIELD = '\u001f';
const FORMAT = '--format=%H%x1f%an%x1f%aI%x1f%s';

/** Which commits lie between two, from the service's own repository. */
export class CommitHistory {
  readonly #locator: Pick<RepositoryLocator, 'locate'>;

  constructor(options: { locator: Pick<RepositoryLocator, 'locate'> }) {
    this.#locator = options.locator;
  }

  /** What cannot be found out is an answer too: nothing depends on it. */
  async between(options: {
    repository: string;
    from: string;
    to: string;
    signal: AbortSignal;
  }): Promise<CommitDifference> {
    const { repository, from, to, signal } = options;
    if (!COMMIT.test(from) || !COMMIT.test(to)) {
      return {
        known: false,
        why: 'It is not known from which commits they are.',
      };
    }
    if (from === to)
      return { known: true, added: [], removed: [], more: false };
    try {
      const location = await this.#locator.locate(repository);
      if (location.kind === 'local') {
        return await compare(location.directory, {
          ...options,
          pages: undefined,
        });
      }
      const directory = await fs.mkdtemp(join(tmpdir(), 'highroad-history-'));
      try {
        await fetchHistory(location, directory, [from, to], signal);
        return await compare(directory, {
          ...options,
          pages: location.url.replace(/\.git$/, '/commit/'),
        });
      } finally {
        await fs.remove(directory);
      }
    } catch (error) {
      if (signal.aborted || !(error instanceof Error)) throw error;
      return { known: false, why: error.message };
    }
  }
}

/** Commits without files: a few hundred bytes each. */
async function fetchHistory(
  location: Extract<RepositoryLocation, { kind: 'remote' }>,
  directory: string,
  commits: string[],
  signal: AbortSignal,
): Promise<void> {
  const bounds = { directory, maxBytes: MOST_BYTES, signal };
  const made = await git(['init', '--quiet', '--bare', directory], {
    ...bounds,
    timeoutMs: QUICK_MS,
  });
  if (made.code !== 0) throw new Error(`git init failed: ${made.stderr}`);
  const { code, stderr } = await git(
    [
      ...['fetch', '--quiet', `--depth=${DEPTH}`, '--no-tags'],
      ...['--no-write-fetch-head', '--filter=tree:0'],
      ...['--', location.url, ...commits],
    ],
    {
      ...bounds,
      timeoutMs: FETCH_MS,
      network: true,
      settings: credentialsFor(location),
    },
  ).catch(error => {
    if (!(error instanceof BoundExceededError)) throw error;
    throw new ServiceUnavailableError(
      `${location.host} did not send the commits of ${nameOf(
        location,
      )} within ${FETCH_MS / 1000} s. Try again when it is well.`,
    );
  });
  if (code !== 0) throw failureOf(location, 'the commits', stderr);
}

async function compare(
  directory: string,
  options: {
    from: string;
    to: string;
    signal: AbortSignal;
    /** Address of a commit's page but for its name */
    pages: string | undefined;
  },
): Promise<CommitDifference> {
  const { from, to, signal, pages } = options;
  const bounds = {
    ...{ directory, signal },
    timeoutMs: QUICK_MS,
    maxBytes: MOST_BYTES,
  };
  const common = await git(['merge-base', from, to], bounds);
  if (common.code !== 0) {
    return {
      known: false,
      why:
        common.code === 1
          ? `The two have no commit in common within the last ${DEPTH}.`
          : 'Git has no longer both of the commits.',
    };
  }
  const list = async (range: string) => {
    const { code, stdout, stderr } = await git(
      ['log', `--max-count=${SHOWN + 1}`, FORMAT, range, '--'],
      bounds,
    );
    if (code !== 0) throw new Error(`git log failed: ${stderr.trim()}`);
    return stdout
      .toString('utf8')
      .split('\n')
      .filter(Boolean)
      .map(line => commitOf(line, pages));
  };
  const added = await list(`${from}..${to}`);
  const removed = await list(`${to}..${from}`);
  return {
    known: true,
    added: added.slice(0, SHOWN),
    removed: removed.slice(0, SHOWN),
    more: added.length > SHOWN || removed.length > SHOWN,
  };
}

function commitOf(line: string, pages: string | undefined): Commit {
  const [commit, author, at, ...subject] = line.split(FIELD);
  return {
    ...{ commit, author, at },
    subject: subject.join(FIELD),
    ...(pages && { url: `${pages}${commit}` }),
  };
}
