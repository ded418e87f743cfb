import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { takeFinalName } from '../machine/finalName';
import { secondsSince } from '../machine/words';

const RECORD = 'record.json';

/**
 * A folder of entries that are made once and kept. An entry appears under its name only when it is whole, with a record
 * of how it was made beside its content.
 */
export class Shelf<R extends { seconds: number }> {
  readonly folder: string;
  readonly #schema: z.ZodType<R, z.ZodTypeDef, unknown>;

  constructor(folder: string, schema: z.ZodType<R, z.ZodTypeDef, unknown>) {
    this.folder = folder;
    this.#schema = schema;
  }

  /** @returns the entry's record and folder, or undefined where there is none */
  async find(entry: string): Promise<(R & { folder: string }) | undefined> {
    const folder = join(this.folder, entry);
    const file = join(folder, RECORD);
    if (!existsSync(file)) return undefined;
    const record = this.#schema.parse(JSON.parse(await readFile(file, 'utf8')));
    return { ...record, folder };
  }

  /**
   * Puts an entry in. Only one process may do so at a time.
   *
   * @param make - fills the folder that it is given and says what goes on record; when it throws or is killed, nothing
   * is left under the entry's name
   */
  async put(
    entry: string,
    make: (folder: string) => Promise<Omit<R, 'seconds'>>,
  ): Promise<R & { folder: string }> {
    const partial = join(this.folder, `${entry}.partial-${process.pid}`);
    await mkdir(partial, { recursive: true });
    try {
      const since = Date.now();
      const made = await make(partial);
      const record = this.#schema.parse({
        ...made,
        seconds: secondsSince(since),
      });
      await writeFile(
        join(partial, RECORD),
        `${JSON.stringify(record, null, 2)}\n`,
      );
      const folder = join(this.folder, entry);
      if (await takeFinalName(partial, folder)) return { ...record, folder };
      // It was restored from an archive meanwhile.
      const present = await this.find(entry);
      if (present) return present;
      throw new Error(`${folder} is not whole. Remove it, and try again.`);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  }

  /** Takes away what those that were killed have left of some entries. */
  async removeUnfinished(of: (name: string) => boolean): Promise<void> {
    for (const name of await readdir(this.folder)) {
      if (of(name)) {
        await rm(join(this.folder, name), { recursive: true, force: true });
      }
    }
  }
}
