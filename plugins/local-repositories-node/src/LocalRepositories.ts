import { Config } from '@backstage/config';
import { NotFoundError } from '@backstage/errors';
import {
  Commit,
  parsePath,
  parseRef,
  parseRepositoryId,
  Repository,
  RepositoryFile,
  RepositoryId,
  TreeEntry,
} from '@highroad/plugin-local-repositories-common';
import fs from 'fs-extra';
import { join, resolve } from 'node:path';
import { git } from './git';
import { Author, publishFolder } from './publish';

const MAX_TEXT_BYTES = 1024 * 1024;
const FIELD = '\x1f';

/** Bare repositories under one folder, `<owner>/<name>.git`. */
export class LocalRepositories {
  readonly #root: string;

  /** @returns undefined unless `platform.localRepositories.directory` is set */
  static fromConfig(config: Config): LocalRepositories | undefined {
    const directory = config.getOptionalString(
      'platform.localRepositories.directory',
    );
    return directory ? new LocalRepositories(resolve(directory)) : undefined;
  }

  constructor(root: string) {
    this.#root = root;
  }

  async exists(id: RepositoryId): Promise<boolean> {
    return fs.pathExists(this.directory(id));
  }

  /** Makes a repository from a folder, whole or not at all. See {@link publishFolder}. */
  async publish(options: {
    id: RepositoryId;
    folder: string;
    branch: string;
    message: string;
    author: Author;
  }): Promise<{ commit: string }> {
    await fs.ensureDir(this.#root);
    return publishFolder({ root: this.#root, ...options });
  }

  async list(): Promise<Repository[]> {
    const found: Repository[] = [];
    for (const owner of await folders(this.#root)) {
      if (owner.startsWith('.')) continue;
      for (const entry of await folders(join(this.#root, owner))) {
        if (!entry.endsWith('.git')) continue;
        found.push(await this.get({ owner, name: entry.slice(0, -4) }));
      }
    }
    return found;
  }

  async get(id: RepositoryId): Promise<Repository> {
    const directory = await this.#existing(id);
    const head = await git(directory, ['symbolic-ref', '--short', 'HEAD']);
    const [lastCommit] = await this.commits(id, 'HEAD', 1).catch(error => {
      if (error instanceof NotFoundError) return [];
      throw error;
    });
    return {
      ...id,
      defaultBranch: head.toString().trim(),
      cloneUrl: directory,
      lastCommit,
    };
  }

  /** @returns the full commit id that a branch, tag or commit stands for */
  async resolve(id: RepositoryId, ref: string): Promise<string> {
    const directory = await this.#existing(id);
    const commit = await git(directory, [
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${parseRef(ref)}^{commit}`,
    ]).catch(() => {
      throw new NotFoundError(
        `Repository ${id.owner}/${id.name} has no branch, tag or commit "${ref}".`,
      );
    });
    return commit.toString().trim();
  }

  /** Newest first. */
  async commits(id: RepositoryId, ref: string, most = 20): Promise<Commit[]> {
    const commit = await this.resolve(id, ref);
    const log = await git(this.directory(id), [
      'log',
      `--max-count=${most}`,
      `--format=${['%H', '%an', '%aI', '%s'].join('%x1f')}`,
      commit,
    ]);
    return log
      .toString()
      .split('\n')
      .filter(line => line !== '')
      .map(line => {
        const [hash, author, time, message] = line.split(FIELD);
        return { id: hash, author, time, message };
      });
  }

  /** The whole message of a commit. */
  async message(id: RepositoryId, commit: string): Promise<string> {
    const full = await this.resolve(id, commit);
    const shown = await git(this.directory(id), [
      'show',
      '--no-patch',
      '--format=%B',
      full,
    ]);
    return shown.toString();
  }

  /** What is directly in a folder, folders first. */
  async tree(
    id: RepositoryId,
    ref: string,
    folder: string,
  ): Promise<TreeEntry[]> {
    const path = parsePath(folder);
    const commit = await this.resolve(id, ref);
    const listing = await git(this.directory(id), [
      'ls-tree',
      '-z',
      '--long',
      `${commit}:${path}`,
    ]).catch(() => {
      throw new NotFoundError(
        `Repository ${id.owner}/${id.name} has no folder "${path}" at ${ref}.`,
      );
    });
    const entries = listing
      .toString()
      .split('\0')
      .filter(line => line !== '')
      .map((line): TreeEntry => {
        const [meta, name] = line.split('\t');
        const [, type, , size] = meta.split(/\s+/);
        const full = path ? `${path}/${name}` : name;
        return type === 'tree'
          ? { path: full, type: 'folder' }
          : { path: full, type: 'file', size: Number(size) };
      });
    return entries.sort(
      (a, b) =>
        Number(a.type === 'file') - Number(b.type === 'file') ||
        a.path.localeCompare(b.path),
    );
  }

  async read(id: RepositoryId, ref: string, file: string): Promise<Buffer> {
    const path = parsePath(file);
    const commit = await this.resolve(id, ref);
    return git(this.directory(id), [
      'cat-file',
      'blob',
      `${commit}:${path}`,
    ]).catch(() => {
      throw new NotFoundError(
        `Repository ${id.owner}/${id.name} has no file "${path}" at ${ref}.`,
      );
    });
  }

  /** A file for showing: text only where it is text and not too long to show. */
  async show(
    id: RepositoryId,
    ref: string,
    file: string,
  ): Promise<RepositoryFile> {
    const content = await this.read(id, ref, file);
    const path = parsePath(file);
    const isText = content.length <= MAX_TEXT_BYTES && !content.includes(0);
    return {
      path,
      size: content.length,
      ...(isText && { text: content.toString('utf8') }),
    };
  }

  /**
   * A tar archive of a folder at a commit. Its entries are inside one outermost folder, as in the archives of Git
   * hosts, which readers strip.
   */
  async archive(
    id: RepositoryId,
    commit: string,
    folder: string,
  ): Promise<Buffer> {
    const path = parsePath(folder);
    return git(this.directory(id), [
      'archive',
      '--format=tar',
      '--prefix=repository/',
      path ? `${commit}:${path}` : commit,
    ]);
  }

  /** Where a repository is, or would be; what `git clone` takes on this machine. */
  directory(id: RepositoryId): string {
    const { owner, name } = parseRepositoryId(id.owner, id.name);
    return join(this.#root, owner, `${name}.git`);
  }

  async #existing(id: RepositoryId): Promise<string> {
    const directory = this.directory(id);
    if (!(await fs.pathExists(directory))) {
      throw new NotFoundError(
        `There is no repository ${id.owner}/${id.name} on this machine.`,
      );
    }
    return directory;
  }
}

async function folders(directory: string): Promise<string[]> {
  const entries = await fs
    .readdir(directory, { withFileTypes: true })
    .catch(error => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
  return entries
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort();
}
