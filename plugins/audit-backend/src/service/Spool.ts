import { LoggerService } from '@backstage/backend-plugin-api';
import { isError, stringifyError } from '@backstage/errors';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { IntakeRow } from '../database/IntakeStore';

const rowSchema = z
  .object({
    id: z.string().uuid(),
    body: z.string(),
    mac: z.string(),
    received_at: z.string(),
  })
  .strict();

const ENDING = '.json';

/**
 * Keeps records that the database does not take: a file each, so that they outlive the process. What cannot even be
 * written there is kept in memory.
 */
export class Spool {
  readonly #directory: string | undefined;
  readonly #logger: LoggerService;
  readonly #memory = new Map<string, IntakeRow>();
  #onDisk: number | undefined;

  constructor(options: {
    directory: string | undefined;
    logger: LoggerService;
  }) {
    this.#directory = options.directory;
    this.#logger = options.logger;
  }

  /** Keeps one. Never throws: there is no other place left. */
  async put(row: IntakeRow): Promise<void> {
    if (this.#directory) {
      try {
        await this.#write(this.#directory, row);
        this.#onDisk = (this.#onDisk ?? 0) + 1;
        return;
      } catch (error) {
        this.#logger.error(
          `An audit record could not be written to the spool ${
            this.#directory
          } either, and is kept in memory until the database takes it: it is lost if this process ends before. ${stringifyError(
            error,
          )} See docs/runbooks/audit-cannot-record.md`,
        );
      }
    }
    this.#memory.set(row.id, row);
  }

  /** The oldest ones. Files that hold no record are put aside, and reported. */
  async oldest(limit: number): Promise<IntakeRow[]> {
    const rows: IntakeRow[] = [];
    const names = await this.#names();
    this.#onDisk = names.length;
    for (const name of names.slice(0, limit)) {
      const row = await this.#read(name);
      if (row) rows.push(row);
    }
    return [...rows, ...this.#memory.values()].slice(0, limit);
  }

  async remove(ids: string[]): Promise<void> {
    for (const id of ids) {
      if (this.#memory.delete(id) || !this.#directory) continue;
      await rm(join(this.#directory, id + ENDING), { force: true });
      this.#onDisk = Math.max(0, (this.#onDisk ?? 0) - 1);
    }
  }

  /** How many are kept, as far as this process knows. */
  async count(): Promise<number> {
    this.#onDisk ??= (await this.#names()).length;
    return this.#onDisk + this.#memory.size;
  }

  /** Names are ids, which begin with the time. */
  async #names(): Promise<string[]> {
    if (!this.#directory) return [];
    try {
      const names = await readdir(this.#directory);
      return names.filter(name => name.endsWith(ENDING)).sort();
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) {
        this.#logger.error(
          `The spool of the audit ledger ${
            this.#directory
          } cannot be read. ${stringifyError(
            error,
          )} See docs/runbooks/audit-cannot-record.md`,
        );
      }
      return [];
    }
  }

  /** Whole or not at all, also if the machine loses power. */
  async #write(directory: string, row: IntakeRow): Promise<void> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const target = join(directory, row.id + ENDING);
    const temporary = `${target}.tmp`;
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(row));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  }

  async #read(name: string): Promise<IntakeRow | undefined> {
    if (!this.#directory) return undefined;
    const file = join(this.#directory, name);
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      // Another process that shares the spool has caught it up.
      if (hasCode(error, 'ENOENT')) return undefined;
      // It may be readable the next time, such as when fewer files are open.
      this.#logger.error(
        `${file} in the spool of the audit ledger cannot be read now. ${stringifyError(
          error,
        )} See docs/runbooks/audit-cannot-record.md`,
      );
      return undefined;
    }
    const row = parseRow(text);
    if (row && row.id + ENDING === name) return row;
    await rename(file, `${file}.unreadable`);
    this.#logger.error(
      `${file} in the spool of the audit ledger holds no record. It was put aside as ${name}.unreadable; see docs/runbooks/audit-cannot-record.md`,
    );
    return undefined;
  }
}

function parseRow(text: string): IntakeRow | undefined {
  try {
    return rowSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return isError(error) && error.code === code;
}
