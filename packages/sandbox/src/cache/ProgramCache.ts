import { createHash } from 'node:crypto';
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
import { lock } from 'proper-lockfile';
import { z } from 'zod';
import { moduleFolder } from '../upstream/moduleFolder';
import { Pin, pins } from '../upstream/programs';

const recordSchema = z.object({
  name: z.string(),
  version: z.string(),
  /** How long it took to make, in seconds */
  seconds: z.number(),
  /** What it was made of, for the reader: versions and checksums */
  made: z.record(z.string()).default({}),
});
export type ProgramRecord = z.infer<typeof recordSchema>;

/** A program that is ready to be run. */
export interface Program extends ProgramRecord {
  folder: string;
}

/** Part of the key of everything built: raised when the way of building changes what comes out. */
const RECIPE = 1;

/**
 * The prepared programs. An entry appears under its final name only when it is whole, and its name carries a digest
 * of its pin, so a changed pin is a new entry and an old checkout keeps finding its own.
 */
export class ProgramCache {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = join(folder, 'programs');
  }

  /** Name of an entry: the same on every machine of the same kind. */
  async entry(pin: Pin): Promise<string> {
    const hash = createHash('sha256').update(
      JSON.stringify([
        RECIPE,
        process.platform,
        process.arch,
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
    const folder = join(this.folder, await this.entry(pin));
    if (!existsSync(join(folder, 'record.json'))) return undefined;
    return { folder, ...(await readRecord(folder)) };
  }

  /**
   * Makes an entry, or waits for another process that is making it.
   *
   * @param make - fills a folder; when it throws or is killed, nothing is left under the entry's name
   */
  async prepare(
    pin: Pin,
    make: (folder: string) => Promise<Record<string, string>>,
  ): Promise<Program> {
    await mkdir(this.folder, { recursive: true });
    const entry = await this.entry(pin);
    const release = await lock(join(this.folder, entry), {
      realpath: false,
      stale: 20_000,
      retries: { forever: true, minTimeout: 500, maxTimeout: 2000 },
    });
    try {
      const present = await this.find(pin);
      if (present) return present;
      await this.#removePartials(entry);
      const building = join(this.folder, `${entry}.partial-${process.pid}`);
      await mkdir(building);
      try {
        const since = Date.now();
        const made = await make(building);
        const record: ProgramRecord = {
          name: pin.name,
          version: pin.version,
          seconds: Math.round((Date.now() - since) / 100) / 10,
          made,
        };
        await writeFile(
          join(building, 'record.json'),
          `${JSON.stringify(record, null, 2)}\n`,
        );
        const folder = join(this.folder, entry);
        await rename(building, folder);
        return { folder, ...record };
      } finally {
        await rm(building, { recursive: true, force: true });
      }
    } finally {
      await release();
    }
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

  /** What a build that was killed has left; only called while holding the entry's lock. */
  async #removePartials(entry: string) {
    for (const name of await readdir(this.folder)) {
      if (name.startsWith(`${entry}.partial-`)) {
        await rm(join(this.folder, name), { recursive: true, force: true });
      }
    }
  }
}

async function readRecord(folder: string): Promise<ProgramRecord> {
  return recordSchema.parse(
    JSON.parse(await readFile(join(folder, 'record.json'), 'utf8')),
  );
}
