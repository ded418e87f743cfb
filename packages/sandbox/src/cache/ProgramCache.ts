import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { whileLocked } from '../machine/lock';
import { moduleFolder } from '../upstream/moduleFolder';
import { Pin, pins } from '../upstream/programs';
import { Shelf } from './Shelf';

const recordSchema = z.object({
  name: z.string(),
  version: z.string(),
  /** How long it took to make, in seconds */
  seconds: z.number(),
  /** What it was made of, for the reader: versions and checksums */
  made: z.record(z.string()).default({}),
});
type ProgramRecord = z.infer<typeof recordSchema>;

/** A program that is ready to be run. */
export interface Program extends ProgramRecord {
  folder: string;
}

/** Part of the key of everything built: raised when the way of building changes what comes out. */
const RECIPE = 1;

/**
 * The prepared programs. An entry's name carries a digest of its pin, so a changed pin is a new entry and an old
 * checkout keeps finding its own.
 */
export class ProgramCache {
  readonly folder: string;
  readonly #shelf: Shelf<ProgramRecord>;

  /** @param cache - folder of the sandbox's cache */
  constructor(cache: string) {
    this.folder = join(cache, 'programs');
    this.#shelf = new Shelf(this.folder, recordSchema);
  }

  /** Name of an entry: the same on every machine of the same kind. */
  async entry(pin: Pin): Promise<string> {
    const hash = createHash('sha256').update(
      JSON.stringify([
        RECIPE,
        process.platform,
        process.arch,
        // How long it takes says nothing of what comes out.
        { ...pin, minutes: 0 },
      ]),
    );
    if (pin.kind === 'go') {
      for (const file of ['go.mod', 'go.sum']) {
        hash.update(await readFile(join(moduleFolder(pin.name), file)));
      }
    }
    return `${pin.name}-${pin.version}-${hash.digest('hex').slice(0, 10)}`;
  }

  /** @returns the program, or undefined where it has not been prepared */
  async find(pin: Pin): Promise<Program | undefined> {
    return this.#shelf.find(await this.entry(pin));
  }

  /**
   * Makes an entry, or waits for another process that is making it.
   *
   * @param make - fills a folder; when it throws or is killed, nothing is left under the entry's name. Given a signal
   * that aborts when the cache is removed meanwhile
   * @throws Error when it could not be made
   */
  async prepare(
    pin: Pin,
    make: (
      folder: string,
      lost: AbortSignal,
    ) => Promise<Record<string, string>>,
  ): Promise<Program> {
    await mkdir(this.folder, { recursive: true });
    const entry = await this.entry(pin);
    return whileLocked(
      join(this.folder, entry),
      {
        stale: 20_000,
        retries: { forever: true, minTimeout: 500, maxTimeout: 2000 },
        lost: `${this.folder} was removed while ${pin.name} was being made there.`,
      },
      async lost => {
        const present = await this.find(pin);
        if (present) return present;
        await this.#shelf.removeUnfinished(name =>
          name.startsWith(`${entry}.partial-`),
        );
        return this.#shelf.put(entry, async folder => ({
          name: pin.name,
          version: pin.version,
          made: await make(folder, lost),
        }));
      },
    );
  }

  /** The entries that the pins of this checkout name and that are there. */
  async present(): Promise<Program[]> {
    const found = await Promise.all(pins.map(pin => this.find(pin)));
    return found.filter(program => program !== undefined);
  }

  /** Whether somebody is making an entry. */
  async isBeingFilled(): Promise<boolean> {
    const names = await readdir(this.folder).catch(() => []);
    return names.some(name => name.endsWith('.lock'));
  }
}
