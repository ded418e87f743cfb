import { ProgramStatus } from '@highroad/plugin-sandbox-common';
import { createDeferred, DeferredPromise } from '@backstage/types';
import { setTimeout as sleep } from 'node:timers/promises';
import { restoreFromEnvironment } from '../cache/restoreCache';
import { ProgramCache } from '../cache/ProgramCache';
import { programOnMachine } from '../machine/programOnMachine';
import { PreparedProgram } from '../servers/Server';
import { dropGoCaches } from '../upstream/goModule';
import { prepareProgram } from '../upstream/prepare';
import { Pin } from '../upstream/programs';
import { cachedProgram } from './preparedProgram';
import { messageOf } from '../machine/words';
import { PREPARE_ATTEMPTS, prepareDelay } from './backoff';

export interface PreparationOptions {
  /** Folder of the sandbox's cache */
  cache: string;
  /** Called after each change of the status */
  changed: () => void;
  make?: typeof prepareProgram;
  /** Milliseconds until the next attempt, after so many that failed */
  delay?: (failures: number) => number;
}

/** Prepares programs one after the other, and says how it goes. */
export class Preparation {
  readonly #cache: string;
  readonly #changed: () => void;
  readonly #rows = new Map<string, ProgramStatus & { since?: number }>();
  readonly #done = new Map<string, DeferredPromise<PreparedProgram>>();
  readonly #pins: Pin[];
  readonly #make: typeof prepareProgram;
  readonly #delay: (failures: number) => number;

  constructor(pins: Pin[], options: PreparationOptions) {
    this.#pins = pins;
    this.#cache = options.cache;
    this.#changed = options.changed;
    this.#make = options.make ?? prepareProgram;
    this.#delay = options.delay ?? prepareDelay;
    for (const pin of pins) {
      this.#rows.set(pin.name, {
        name: pin.name,
        version: pin.version,
        state: 'waiting',
        seconds: pin.minutes * 60,
      });
      this.#done.set(pin.name, createDeferred<PreparedProgram>());
    }
  }

  /**
   * What is there already is ready at once; the rest is made in order. What fails is tried again, a few times. Never
   * throws: a failure is in the status.
   */
  async run(signal: AbortSignal): Promise<void> {
    let missing = await this.#takePresent(this.#pins);
    if (missing.length === 0) return;
    if (await this.#restore()) missing = await this.#takePresent(missing);
    for (let attempt = 1; missing.length > 0; attempt += 1) {
      missing = await this.#makeAll(missing, signal);
      if (signal.aborted) return;
      if (missing.length === 0 || attempt === PREPARE_ATTEMPTS) break;
      await this.#beforeRetry(missing, this.#delay(attempt), signal);
      if (signal.aborted) return;
    }
    await dropGoCaches(this.#cache).catch(error =>
      process.stderr.write(`Go's caches stay: ${messageOf(error)}\n`),
    );
  }

  /** @returns what could not be made */
  async #makeAll(missing: Pin[], signal: AbortSignal): Promise<Pin[]> {
    const failed: Pin[] = [];
    for (const pin of missing) {
      if (signal.aborted) return failed;
      this.#update(pin, {
        state: 'preparing',
        since: Date.now(),
        doing: 'downloading',
        done: 0,
      });
      try {
        const made = await this.#make(pin, {
          cache: this.#cache,
          signal,
          onProgress: progress => this.#update(pin, progress),
        });
        this.#update(pin, { seconds: made.seconds });
        this.#ready(pin, cachedProgram(made));
      } catch (error) {
        if (signal.aborted) return failed;
        failed.push(pin);
        this.#update(pin, {
          state: 'failed',
          problem: messageOf(error),
          done: undefined,
          doing: undefined,
        });
      }
    }
    return failed;
  }

  /** Says when it goes on, and waits until then. */
  async #beforeRetry(failed: Pin[], delay: number, signal: AbortSignal) {
    const retryAt = new Date(Date.now() + delay).toISOString();
    for (const pin of failed) this.#update(pin, { retryAt });
    await sleep(delay, undefined, { signal }).catch(() => {});
    for (const pin of failed)
      this.#update(pin, {
        state: 'waiting',
        problem: undefined,
        retryAt: undefined,
      });
  }

  /** @returns the pins of programs that are not there */
  async #takePresent(candidates: Pin[]): Promise<Pin[]> {
    const missing: Pin[] = [];
    for (const pin of candidates) {
      // What is wrong with one that is there is said when it is made.
      const present = await this.#present(pin).catch(() => undefined);
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

  /** Waits until it is prepared, however long that takes. */
  program(name: string): Promise<PreparedProgram> {
    const result = this.#done.get(name);
    if (!result)
      throw new Error(`"${name}" is not among the programs to prepare`);
    return result;
  }

  /** How one of them is doing */
  programStatus(name: string): ProgramStatus | undefined {
    return this.#rows.get(name);
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
