import { ProgramStatus } from '@highroad/plugin-sandbox-common';
import { createDeferred, DeferredPromise } from '@backstage/types';
import { restoreFromEnvironment } from '../cache/restoreCache';
import { ProgramCache } from '../cache/ProgramCache';
import { programOnMachine } from '../machine/programOnMachine';
import { PreparedProgram } from '../servers/Server';
import { dropGoCaches } from '../upstream/goModule';
import { prepareProgram } from '../upstream/prepare';
import { Pin } from '../upstream/programs';
import { cachedProgram } from './preparedProgram';
import { messageOf } from '../machine/words';

/** Prepares programs one after the other, and says how it goes. */
export class Preparation {
  readonly #cache: string;
  readonly #changed: () => void;
  readonly #rows = new Map<string, ProgramStatus & { since?: number }>();
  readonly #done = new Map<string, DeferredPromise<PreparedProgram>>();
  readonly #pins: Pin[];

  /** @param changed - called after each change of {@link status} */
  constructor(pins: Pin[], options: { cache: string; changed: () => void }) {
    this.#pins = pins;
    this.#cache = options.cache;
    this.#changed = options.changed;
    for (const pin of pins) {
      this.#rows.set(pin.name, {
        name: pin.name,
        version: pin.version,
        state: 'waiting',
        seconds: pin.minutes * 60,
      });
      const result = createDeferred<PreparedProgram>();
      // Nobody may be waiting for it yet.
      result.catch(() => {});
      this.#done.set(pin.name, result);
    }
  }

  /** What is there already is ready at once; the rest is made in order. Never throws: a failure is in the status. */
  async run(signal: AbortSignal): Promise<void> {
    let missing = await this.#takePresent(this.#pins);
    if (missing.length > 0 && (await this.#restore())) {
      missing = await this.#takePresent(missing);
    }
    for (const pin of missing) {
      if (signal.aborted) return;
      const since = Date.now();
      this.#update(pin, {
        state: 'preparing',
        since,
        doing: 'downloading',
        done: 0,
      });
      try {
        const made = await prepareProgram(pin, {
          cache: this.#cache,
          signal,
          onProgress: progress => this.#update(pin, progress),
        });
        this.#update(pin, { seconds: made.seconds });
        this.#ready(pin, cachedProgram(made));
      } catch (error) {
        if (signal.aborted) return;
        const problem = messageOf(error);
        this.#update(pin, {
          state: 'failed',
          problem,
          done: undefined,
          doing: undefined,
        });
        this.#done
          .get(pin.name)
          ?.reject(new Error(`${pin.name} could not be prepared: ${problem}`));
      }
    }
    if (missing.length > 0) await dropGoCaches(this.#cache);
  }

  /** @returns the pins of programs that are not there */
  async #takePresent(candidates: Pin[]): Promise<Pin[]> {
    const missing: Pin[] = [];
    for (const pin of candidates) {
      const present = await this.#present(pin);
      if (present) this.#ready(pin, present);
      else missing.push(pin);
    }
    return missing;
  }

  /** An archive that cannot be used costs its time, not the sandbox. */
  async #restore(): Promise<boolean> {
    try {
      return await restoreFromEnvironment(this.#cache);
    } catch (error) {
      process.stderr.write(`${messageOf(error)}\n`);
      return false;
    }
  }

  /** @throws Error when it could not be prepared */
  program(name: string): Promise<PreparedProgram> {
    const result = this.#done.get(name);
    if (!result)
      throw new Error(`"${name}" is not among the programs to prepare`);
    return result;
  }

  isReady(name: string): boolean {
    return this.#rows.get(name)?.state === 'ready';
  }

  status(): ProgramStatus[] {
    return [...this.#rows.values()].map(({ since: _, ...row }) => row);
  }

  /**
   * Seconds that preparing probably still takes: what each is expected to take, corrected by how this machine does
   * compared with what was expected so far. Undefined when nothing is left.
   */
  secondsLeft(now = Date.now()): number | undefined {
    const rows = [...this.#rows.values()];
    const open = rows.filter(
      row => row.state === 'waiting' || row.state === 'preparing',
    );
    if (open.length === 0) return undefined;
    const current = open.find(
      row => row.since !== undefined && (row.done ?? 0) > 0.1,
    );
    const pace =
      current?.since && current.done
        ? Math.max(
            0.5,
            (now - current.since) / 1000 / (current.done * current.seconds),
          )
        : 1;
    const left = open.reduce(
      (sum, row) => sum + row.seconds * (1 - (row.done ?? 0)),
      0,
    );
    return Math.round(left * pace);
  }

  async #present(pin: Pin): Promise<PreparedProgram | undefined> {
    const cached = await new ProgramCache(this.#cache).find(pin);
    if (cached) {
      this.#update(pin, { seconds: cached.seconds });
      return cachedProgram(cached);
    }
    return programOnMachine(pin);
  }

  #ready(pin: Pin, program: PreparedProgram) {
    this.#update(pin, {
      state: 'ready',
      source: program.source,
      version: program.version,
      done: undefined,
      doing: undefined,
    });
    this.#done.get(pin.name)?.resolve(program);
  }

  #update(pin: Pin, change: Partial<ProgramStatus & { since: number }>) {
    const row = this.#rows.get(pin.name);
    if (!row) return;
    Object.assign(row, change);
    this.#changed();
  }
}
