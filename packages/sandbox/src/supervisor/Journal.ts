import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ProcessId } from '../machine/processes';

const journalSchema = z.record(
  z.object({ pid: z.number(), started: z.number() }),
);

/**
 * Which processes were started and have not been seen to end. Written at once, so that it is true when the supervisor
 * is killed at any moment.
 */
export class Journal {
  readonly #path: string;
  #entries: Record<string, ProcessId>;

  constructor(path: string) {
    this.#path = path;
    this.#entries = read(path);
  }

  entries(): [name: string, id: ProcessId][] {
    return Object.entries(this.#entries);
  }

  started(name: string, id: ProcessId): void {
    this.#entries = { ...this.#entries, [name]: id };
    this.#write();
  }

  ended(name: string): void {
    const { [name]: _, ...rest } = this.#entries;
    this.#entries = rest;
    this.#write();
  }

  #write() {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    writeFileSync(`${this.#path}.new`, JSON.stringify(this.#entries), {
      mode: 0o600,
    });
    renameSync(`${this.#path}.new`, this.#path);
  }
}

function read(path: string): Record<string, ProcessId> {
  try {
    return journalSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
