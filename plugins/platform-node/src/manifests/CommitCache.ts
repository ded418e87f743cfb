import {
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import fs from 'fs-extra';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  BoundExceededError,
  credentialsFor,
  failureOf,
  git,
  nameOf,
  noCommit,
  RepositoryLocation,
} from '../git';

const FETCH_MS = 30_000;
const QUICK_MS = 10_000;
/** Larger files are left at the Git host: none of them can be a manifest. */
export const MOST_FILE_BYTES = 1024 * 1024;

type Side = 'a' | 'b';

/** Commits of repositories at Git hosts, without their history, kept so that a second deployment needs no network. */
export class CommitCache {
  readonly #folder: string;
  readonly #mostPacks: number;
  readonly #sides = new Map<string, Side>();
  /** What is being done for each repository: one thing at a time. */
  readonly #busy = new Map<string, Promise<unknown>>();

  /**
   * @param folder - of this process alone
   * @param mostPacks - after how many fetches a repository is begun anew, so that its folder does not grow for ever
   */
  constructor(folder: string, mostPacks: number = 100) {
    this.#folder = folder;
    this.#mostPacks = mostPacks;
  }

  /**
   * @param commit - its whole name
   * @returns the bare repository that holds the commit
   * @throws NotFoundError, NotAllowedError, ServiceUnavailableError
   */
  async open(
    location: RepositoryLocation,
    commit: string,
    signal?: AbortSignal,
  ): Promise<string> {
    if (!/^[a-f0-9]{40}(?:[a-f0-9]{24})?$/.test(commit)) {
      throw new InputError(
        `"${commit.slice(
          0,
          80,
        )}" is not the whole name of a commit: 40 hexadecimal digits.`,
      );
    }
    if (location.kind === 'local') {
      const { directory, owner, name } = location;
      if (await this.#has(directory, commit)) return directory;
      throw (await fs.pathExists(directory))
        ? noCommit(`${owner}/${name}`, commit)
        : new NotFoundError(
            `There is no repository ${owner}/${name} on this machine.`,
          );
    }
    const key = createHash('sha256')
      .update(location.url)
      .digest('hex')
      .slice(0, 32);
    const before = this.#busy.get(key) ?? Promise.resolve();
    const mine = before
      .catch(() => {})
      .then(() => this.#bring(location, key, commit, signal));
    this.#busy.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#busy.get(key) === mine) this.#busy.delete(key);
    }
  }

  async #bring(
    location: Extract<RepositoryLocation, { kind: 'remote' }>,
    key: string,
    commit: string,
    signal?: AbortSignal,
  ): Promise<string> {
    const directory = await this.#place(key);
    if (await this.#has(directory, commit)) return directory;
    await fs.ensureDir(directory, { mode: 0o700 });
    const bounds = { directory, maxBytes: 1024 * 1024, signal };
    const made = await git(['init', '--quiet', '--bare', directory], {
      ...bounds,
      timeoutMs: QUICK_MS,
    });
    if (made.code !== 0) throw new Error(`git init failed: ${made.stderr}`);

    const { url } = location;
    const { code, stderr } = await git(
      [
        ...['fetch', '--quiet', '--depth=1', '--no-tags'],
        ...['--no-write-fetch-head', `--filter=blob:limit=${MOST_FILE_BYTES}`],
        ...['--', url, commit],
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
        `${location.host} did not send commit ${commit} of ${nameOf(
          location,
        )} within ${
          FETCH_MS / 1000
        } s. Nothing was changed; try again when it is well.`,
      );
    });
    if (code === 0) return directory;
    if (
      /not our ref|unadvertised object|couldn't find remote ref/i.test(stderr)
    )
      throw noCommit(nameOf(location), commit);
    throw failureOf(location, `commit ${commit}`, stderr);
  }

  /**
   * Where a repository is fetched to. A folder that has grown is left to those who still read in it, and another begun;
   * the one before that has long been read.
   */
  async #place(key: string): Promise<string> {
    const place = (side: Side) => join(this.#folder, `${key}-${side}.git`);
    const side = this.#sides.get(key) ?? 'a';
    const names = await fs
      .readdir(join(place(side), 'objects', 'pack'))
      .catch((): string[] => []);
    if (names.filter(name => name.endsWith('.pack')).length < this.#mostPacks)
      return place(side);
    const other = side === 'a' ? 'b' : 'a';
    await fs.remove(place(other));
    this.#sides.set(key, other);
    return place(other);
  }

  async #has(directory: string, commit: string): Promise<boolean> {
    if (!(await fs.pathExists(join(directory, 'objects')))) return false;
    const { code } = await git(['cat-file', '-e', `${commit}^{tree}`], {
      directory,
      timeoutMs: QUICK_MS,
      maxBytes: 1024,
    });
    return code === 0;
  }
}
