import { isError, NotFoundError } from '@backstage/errors';
import {
  Build,
  BuildAnswer,
  BuildList,
  buildSchema,
  LogTail,
} from '@highroad/plugin-sandbox-common';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readLogTail } from './logTail';
import { waitFor } from './waiting';

const FILE = /^([0-9]{17}-[0-9a-f]{8})\.json$/;
/** How many of the newest are listed. */
const LISTED = 50;

/** Reads what the sandbox's builder has written down; it is the only one that writes. */
export class BuildRecords {
  readonly #folder: string;
  readonly #holdMs: number;

  constructor(folder: string, options: { holdMs: number }) {
    this.#folder = folder;
    this.#holdMs = options.holdMs;
  }

  /** @param options.after - waits for a change beyond this mark */
  async list(
    options: { after?: string; signal?: AbortSignal } = {},
  ): Promise<BuildList> {
    await this.#changeAfter(options);
    const mark = await this.#mark();
    const ids = (await this.#ids()).slice(0, LISTED);
    const builds = await Promise.all(ids.map(id => this.#read(id)));
    return { items: builds.filter(build => build !== undefined), mark };
  }

  /** @throws NotFoundError where there is none, or no longer */
  async get(
    id: string,
    options: { after?: string; signal?: AbortSignal } = {},
  ): Promise<BuildAnswer> {
    await this.#changeAfter(options);
    const mark = await this.#mark();
    return { build: await this.#require(id), mark };
  }

  /** @throws NotFoundError as {@link get} */
  async log(
    id: string,
    options: { lines: number; after?: number; signal?: AbortSignal },
  ): Promise<LogTail> {
    await this.#require(id);
    return readLogTail(join(this.#folder, `${id}.log`), {
      ...options,
      holdMs: this.#holdMs,
    });
  }

  async #require(id: string): Promise<Build> {
    // Only a name that stands in the folder is a build's: nothing leads out of it.
    const found = (await this.#ids()).includes(id) && (await this.#read(id));
    if (!found) {
      throw new NotFoundError(
        `There is no build ${id}. Only the newest are kept; push a commit for another.`,
      );
    }
    return found;
  }

  /** Newest first. */
  async #ids(): Promise<string[]> {
    const files = await readdir(this.#folder).catch(error => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return files
      .flatMap(file => FILE.exec(file)?.[1] ?? [])
      .sort()
      .reverse();
  }

  /** @returns undefined for one that was forgotten meanwhile */
  async #read(id: string): Promise<Build | undefined> {
    try {
      const text = await readFile(join(this.#folder, `${id}.json`), 'utf8');
      return buildSchema.parse(JSON.parse(text));
    } catch (error) {
      if (isError(error) && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async #changeAfter(options: {
    after?: string;
    signal?: AbortSignal;
  }): Promise<void> {
    const { after, signal } = options;
    if (after === undefined) return;
    await waitFor(async () => (await this.#mark()) !== after, {
      withinMs: this.#holdMs,
      signal,
    });
  }

  /** Another one after every change: records are replaced whole, so each change is another file. */
  async #mark(): Promise<string> {
    const hash = createHash('sha256');
    for (const id of await this.#ids()) {
      const file = await stat(join(this.#folder, `${id}.json`)).catch(error => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (file) hash.update(`${id} ${file.ino} ${file.mtimeMs}\n`);
    }
    return hash.digest('base64url').slice(0, 16);
  }
}
