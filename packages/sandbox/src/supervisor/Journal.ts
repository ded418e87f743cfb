import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ProcessId } from '../machine/processes';

const entrySchema = z.object({
  /** What the process and all that it starts carry in their environment; see machine/marked.ts */
  marker: z.string(),
  /** Absent until it is known: it may have been started all the same */
  process: z.object({ pid: z.number(), started: z.number() }).optional(),
});
export type JournalEntry = z.infer<typeof entrySchema>;
const journalSchema = z.record(entrySchema);

/**
 * Which processes were started and have not been seen to end. An entry is written before its process is started, so
 * that no process is unknown at whatever moment the supervisor is killed.
 */
export class Journal {
  readonly #path: string;
  #entries: Record<string, JournalEntry>;

  /** @throws Error when there is one that cannot be read */
  constructor(path: string) {
    this.#path = path;
    this.#entries = read(path);
  }

  entries(): [name: string, entry: JournalEntry][] {
    return Object.entries(this.#entries);
  }

  starting(name: string, marker: string): void {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    this.#entries = { ...this.#entries, [name]: { marker } };
    this.#write();
  }

  started(name: string, process: ProcessId): void {
    const { marker } = this.#entries[name];
    this.#entries = { ...this.#entries, [name]: { marker, process } };
    this.#write();
  }

  ended(name: string): void {
    const { [name]: _, ...rest } = this.#entries;
    this.#entries = rest;
    // Where somebody removed the whole folder, nobody will look.
    if (existsSync(dirname(this.#path))) this.#write();
  }

  #write() {
    writeFileSync(`${this.#path}.new`, JSON.stringify(this.#entries), {
      mode: 0o600,
    });
    renameSync(`${this.#path}.new`, this.#path);
  }
}

function read(path: string): Record<string, JournalEntry> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  try {
    return journalSchema.parse(JSON.parse(text));
  } catch {
    throw new Error(
      `${path} is of another version, so it is not known which processes of this sandbox run. End those that it names, remove it, and try again.`,
    );
  }
}
