import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Shelf } from '../cache/Shelf';
import { parseImageName } from './imageName';

const ARCHIVE = 'image.tar';

const recordSchema = z.object({
  name: z.string(),
  /** Of the recipe and all that it is based on */
  digest: z.string(),
  /** How long it took to make, without what it is based on, in seconds */
  seconds: z.number(),
  note: z.string(),
});
type ImageRecord = z.infer<typeof recordSchema>;

/** An image that has been made, as an archive that every container tool can load. */
export interface ShelvedImage extends ImageRecord {
  /** Path of an OCI layout in a tar */
  archive: string;
}

/** The images made on this machine. An entry's name carries the digest of its recipe: a changed recipe is a new entry. */
export class ImageShelf {
  readonly #shelf: Shelf<ImageRecord>;

  /** @param cache - folder of the sandbox's cache */
  constructor(cache: string) {
    this.#shelf = new Shelf(join(cache, 'images'), recordSchema);
  }

  /** @returns undefined for an image that has not been made, or by another recipe */
  async find(name: string, digest: string): Promise<ShelvedImage | undefined> {
    const found = await this.#shelf.find(entryName(name, digest));
    return found && withArchive(found);
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
    const { folder: shelf } = this.#shelf;
    await mkdir(shelf, { recursive: true });
    await this.#shelf.removeUnfinished(name =>
      /\.(partial|building)-\d+$/.test(name),
    );
    const entry = entryName(record.name, record.digest);
    const work = join(shelf, `${entry}.building-${process.pid}`);
    const put = await this.#shelf.put(entry, async folder => {
      try {
        await mkdir(work);
        await make(join(folder, ARCHIVE), work);
      } finally {
        await rm(work, { recursive: true, force: true });
      }
      return record;
    });
    return withArchive(put);
  }
}

function withArchive({
  folder,
  ...record
}: ImageRecord & { folder: string }): ShelvedImage {
  return { ...record, archive: join(folder, ARCHIVE) };
}

function entryName(name: string, digest: string): string {
  const { repository, tag } = parseImageName(name);
  const readable = `${repository.replace(/^library\//, '')}-${tag}`;
  return `${readable.replace(/[^A-Za-z0-9.-]+/g, '-')}-${digest.slice(0, 10)}`;
}
