import { Build, BuildStep } from '@highroad/plugin-sandbox-common';
import { BuildStore } from './BuildStore';
import { messageOf, secondsSince } from '../machine/words';

/** One build while it runs: its steps are kept in its record, its output in its log. */
export class BuildLog {
  readonly #store: BuildStore;
  readonly #secrets: string[];
  readonly #changed: (build: Build) => void;
  #writing: Promise<void> = Promise.resolve();
  build: Build;

  /**
   * @param options.secrets - never written
   * @param options.changed - called when another step has begun
   */
  constructor(
    store: BuildStore,
    build: Build,
    options: { secrets: string[]; changed: (build: Build) => void },
  ) {
    this.#store = store;
    this.build = build;
    this.#secrets = options.secrets;
    this.#changed = options.changed;
  }

  /** Writes a line; in the order of the calls. */
  readonly line = (text: string): void => {
    const clean = this.#secrets.reduce(
      (line, secret) => line.replaceAll(secret, '***'),
      text,
    );
    this.#writing = this.#writing
      .then(() => this.#store.write(this.build.id, `${clean}\n`))
      .catch(error => {
        process.stderr.write(`The log of ${this.build.id}: ${error}\n`);
      });
  };

  /** Waits until all lines are in the file. */
  flushed(): Promise<void> {
    return this.#writing;
  }

  /**
   * Does one step.
   *
   * @param work - may say that it was left out, and why
   */
  async step(
    name: string,
    work: () => Promise<void | { skipped: string }>,
  ): Promise<void> {
    const since = Date.now();
    const step: BuildStep = {
      name,
      state: 'running',
      startedAt: new Date(since).toISOString(),
    };
    this.line(`=== ${name}`);
    await this.#put(step);
    this.#changed(this.build);
    try {
      const result = await work();
      if (result) this.line(`Left out: ${result.skipped}`);
      await this.#put({
        ...step,
        ...(result
          ? { state: 'skipped', note: result.skipped }
          : { state: 'succeeded' }),
        seconds: secondsSince(since),
      });
    } catch (error) {
      const note = messageOf(error);
      this.line(note);
      await this.#put({
        ...step,
        state: 'failed',
        seconds: secondsSince(since),
        note,
      });
      throw error;
    }
  }

  async #put(step: BuildStep) {
    this.build = {
      ...this.build,
      steps: [...this.build.steps.filter(one => one.name !== step.name), step],
    };
    await this.#store.save(this.build);
  }
}
