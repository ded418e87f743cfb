/**
 * Does something again and again, one turn after the other: each a while after the one before, or at once where
 * somebody wakes it. A turn that fails ends nothing.
 */
export class PollingLoop {
  readonly #turn: (signal: AbortSignal) => Promise<unknown>;
  readonly #onError: (error: unknown) => void;
  readonly #pauseMs: number | (() => number);
  readonly #abort = new AbortController();
  #running: Promise<void> | undefined;
  #woken = false;
  #endPause: () => void = () => {};

  constructor(options: {
    /** Given a signal that is aborted when the loop is stopped */
    turn: (signal: AbortSignal) => Promise<unknown>;
    /** Told what a turn has thrown, unless it was stopped; must not throw */
    onError: (error: unknown) => void;
    /** How long nothing is done after a turn, if nobody wakes it; asked after each, and must not throw */
    pauseMs: number | (() => number);
  }) {
    this.#turn = options.turn;
    this.#onError = options.onError;
    this.#pauseMs = options.pauseMs;
  }

  /** Aborted once the loop is stopped */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves after the turn that is made now. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#endPause();
    await this.#running;
  }

  /** There may be something to do: whoever calls while a turn is made has another one follow it. */
  wake(): void {
    this.#woken = true;
    this.#endPause();
  }

  async #run(): Promise<void> {
    while (!this.signal.aborted) {
      this.#woken = false;
      try {
        await this.#turn(this.signal);
      } catch (error) {
        if (!this.signal.aborted) this.#onError(error);
      }
      if (!this.signal.aborted && !this.#woken) await this.#pause();
    }
  }

  #pause(): Promise<void> {
    const ms =
      typeof this.#pauseMs === 'number' ? this.#pauseMs : this.#pauseMs();
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
