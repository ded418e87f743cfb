import { InputError } from '@backstage/errors';
import { posix } from 'node:path';
import { MOST_FILE_BYTES } from './CommitCache';
import { git } from '../git';

const QUICK_MS = 10_000;
const MOST_LISTING_BYTES = 32 * 1024 * 1024;
const MOST_LINKS = 5;

type Entry =
  | { kind: 'file'; id: string }
  | { kind: 'link'; id: string }
  | { kind: 'submodule' };

/** What is at a path: a file by its id, a folder, or why there is nothing that can be read. */
export type Found =
  | { kind: 'file'; id: string }
  | { kind: 'folder' }
  | { kind: 'nothing'; why: string };

/** The files of one commit, looked at without being written anywhere. */
export class CommitTree {
  readonly #directory: string;
  readonly #entries: Map<string, Entry>;
  readonly #folders: Set<string>;
  readonly #left: Set<string>;
  readonly #signal: AbortSignal | undefined;

  /** @param directory - bare repository that holds the commit */
  static async read(
    directory: string,
    commit: string,
    signal?: AbortSignal,
  ): Promise<CommitTree> {
    const bounds = {
      directory,
      timeoutMs: QUICK_MS,
      maxBytes: MOST_LISTING_BYTES,
      signal,
    };
    const listing = await git(['ls-tree', '-r', '-z', commit], bounds);
    if (listing.code !== 0)
      throw new Error(`git ls-tree failed: ${listing.stderr}`);
    // What was left at the Git host for its size is named here, and not fetched.
    const missing = await git(
      ['rev-list', '--objects', '--missing=print', '--no-walk', commit],
      bounds,
    );
    if (missing.code !== 0)
      throw new Error(`git rev-list failed: ${missing.stderr}`);
    const left = missing.stdout
      .toString('utf8')
      .split('\n')
      .filter(line => line.startsWith('?'))
      .map(line => line.slice(1).trim());
    return new CommitTree(
      directory,
      listing.stdout.toString('utf8'),
      left,
      signal,
    );
  }

  private constructor(
    directory: string,
    listing: string,
    left: string[],
    signal: AbortSignal | undefined,
  ) {
    this.#directory = directory;
    this.#signal = signal;
    this.#left = new Set(left);
    this.#entries = new Map();
    this.#folders = new Set(['.']);
    for (const line of listing.split('\0')) {
      const [meta, path] = line.split('\t');
      if (path === undefined) continue;
      const [mode, , id] = meta.split(' ');
      this.#entries.set(path, entryOf(mode, id));
      for (
        let at = posix.dirname(path);
        !this.#folders.has(at);
        at = posix.dirname(at)
      )
        this.#folders.add(at);
    }
  }

  /** @returns names of the folders directly in a folder */
  foldersIn(folder: string): string[] {
    return [...this.#folders]
      .filter(path => posix.dirname(path) === folder && path !== '.')
      .map(path => posix.basename(path))
      .sort();
  }

  /**
   * Follows symbolic links to files, as long as they stay in the repository.
   *
   * @param path - normalised, relative to the root of the repository
   */
  async find(path: string): Promise<Found> {
    let at = path;
    for (let links = 0; links <= MOST_LINKS; links++) {
      if (at === '..' || at.startsWith('../') || at.startsWith('/'))
        return { kind: 'nothing', why: 'it leads out of the repository' };
      if (this.#folders.has(at)) {
        return links === 0
          ? { kind: 'folder' }
          : {
              kind: 'nothing',
              why: 'it is a symbolic link to a folder; name the folder itself',
            };
      }
      const entry = this.#entries.get(at);
      if (!entry)
        return {
          kind: 'nothing',
          why: 'there is no such file or folder in the repository at this commit',
        };
      if (entry.kind === 'submodule')
        return {
          kind: 'nothing',
          why: 'it is a submodule, which is not fetched',
        };
      if (entry.kind === 'file') return entry;
      const [target] = await this.#blobs([entry.id]);
      const to = target.toString('utf8');
      if (to.startsWith('/') || to.includes('\0'))
        return {
          kind: 'nothing',
          why: 'it is a symbolic link that leads out of the repository',
        };
      at = posix.normalize(posix.join(posix.dirname(at), to));
    }
    return {
      kind: 'nothing',
      why: 'it is a symbolic link to a symbolic link, and so on',
    };
  }

  /** @throws InputError when one is larger than a manifest is */
  async read(files: Array<{ path: string; id: string }>): Promise<Buffer[]> {
    const left = files.find(({ id }) => this.#left.has(id));
    if (left) throw tooLarge(left.path);
    const sizes = await this.#sizes(files.map(({ id }) => id));
    const large = sizes.findIndex(size => !(size <= MOST_FILE_BYTES));
    if (large >= 0) throw tooLarge(files[large].path);
    return this.#blobs(files.map(({ id }) => id));
  }

  async #sizes(ids: string[]): Promise<number[]> {
    if (ids.length === 0) return [];
    const { stdout } = await this.#catFile('--batch-check=%(objectsize)', ids);
    return stdout.toString('utf8').trim().split('\n').map(Number);
  }

  async #blobs(ids: string[]): Promise<Buffer[]> {
    if (ids.length === 0) return [];
    const { stdout } = await this.#catFile('--batch', ids);
    return splitBatch(stdout, ids.length);
  }

  async #catFile(option: string, ids: string[]) {
    const ended = await git(['cat-file', option], {
      directory: this.#directory,
      timeoutMs: QUICK_MS,
      maxBytes: MOST_LISTING_BYTES,
      input: `${ids.join('\n')}\n`,
      signal: this.#signal,
    });
    if (ended.code !== 0)
      throw new Error(`git cat-file failed: ${ended.stderr}`);
    return ended;
  }
}

/** `<id> SP blob SP <size> LF <content> LF`, see git-cat-file(1). */
function splitBatch(output: Buffer, count: number): Buffer[] {
  const contents: Buffer[] = [];
  let at = 0;
  for (let n = 0; n < count; n++) {
    const end = output.indexOf(0x0a, at);
    const size = Number(output.toString('utf8', at, end).split(' ')[2]);
    if (end < 0 || !Number.isInteger(size))
      throw new Error('git cat-file did not show every file.');
    contents.push(output.subarray(end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return contents;
}

function entryOf(mode: string, id: string): Entry {
  if (mode === '120000') return { kind: 'link', id };
  if (mode === '160000') return { kind: 'submodule' };
  return { kind: 'file', id };
}

function tooLarge(path: string): InputError {
  return new InputError(
    `${path} is larger than ${MOST_FILE_BYTES} bytes, which no manifest is. Take it out of the kustomization.`,
  );
}
