import { existsSync } from 'node:fs';
import {
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseImageName } from './imageName';

const recordSchema = z.object({
  name: z.string(),
  /** Of the recipe and all that it is based on */
  digest: z.string(),
  /** How long it took to make, without what it is based on, in seconds */
  seconds: z.number(),
  note: z.string(),
});
export type ImageRecord = z.infer<typeof recordSchema>;

/** An image that has been made, as an archive that every container tool can load. */
export interface ShelvedImage extends ImageRecord {
  /** Path of an OCI layout in a tar */
  archive: string;
}

/**
 * The images made on this machine. An entry appears under its final name only when it is whole, and its name carries
 * the digest of its recipe: a changed recipe is a new entry.
 */
export class ImageShelf {
  readonly #folder: string;

  /** @param cache - folder of the sandbox's cache */
  constructor(cache: string) {
    this.#folder = join(cache, 'images');
  }

  /** @returns undefined for an image that has not been made, or by another recipe */
  async find(name: string, digest: string): Promise<ShelvedImage | undefined> {
    const folder = join(this.#folder, entryName(name, digest));
    if (!existsSync(join(folder, 'record.json'))) return undefined;
    const record = recordSchema.parse(
      JSON.parse(await readFile(join(folder, 'record.json'), 'utf8')),
    );
    return { ...record, archive: join(folder, 'image.tar') };
  }

  /**
   * Puts an image in. Only one may do so at a time.
   *
   * @param make - writes the archive to the path that it is given
   */
  async put(
    record: Omit<ImageRecord, 'seconds'>,
    make: (archive: string, work: string) => Promise<void>,
  ): Promise<ShelvedImage> {
    const entry = entryName(record.name, record.digest);
    await mkdir(this.#folder, { recursive: true });
    await this.#removePartials();
    const partial = join(this.#folder, `${entry}.partial-${process.pid}`);
    const work = join(this.#folder, `${entry}.building-${process.pid}`);
    try {
      await mkdir(partial);
      await mkdir(work);
      const since = Date.now();
      await make(join(partial, 'image.tar'), work);
      const seconds = Math.round((Date.now() - since) / 100) / 10;
      await writeFile(
        join(partial, 'record.json'),
        `${JSON.stringify({ ...record, seconds }, null, 2)}\n`,
      );
      const folder = join(this.#folder, entry);
      await rename(partial, folder);
      return { ...record, seconds, archive: join(folder, 'image.tar') };
    } finally {
      await rm(partial, { recursive: true, force: true });
      await rm(work, { recursive: true, force: true });
    }
  }

  /** What was left by one that was killed. */
  async #removePartials() {
    for (const name of await readdir(this.#folder)) {
      if (/\.(partial|building)-\d+$/.test(name))
        await rm(join(this.#folder, name), { recursive: true, force: true });
    }
  }
}

function entryName(name: string, digest: string): string {
  const { repository, tag } = parseImageName(name);
  const readable = `${repository.replace(/^library\//, '')}-${tag}`;
  return `${readable.replace(/[^A-Za-z0-9.-]+/g, '-')}-${digest.slice(0, 10)}`;
}
