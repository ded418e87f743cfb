/** Answered with status 429: somebody does too much at once. */
export class TooManyRequestsError extends Error {
  readonly statusCode = 429;

  constructor(message: string) {
    super(message);
    this.name = 'TooManyRequestsError';
  }
}

/** Keeps one caller from taking all of the ledger: how much of what takes long each may have going on at once. */
export class ParallelCalls {
  readonly #running = new Map<string, number>();
  readonly #what: string;
  readonly #most: number;

  /** @param what - for the refusal, such as "exports" */
  constructor(what: string, most: number) {
    this.#what = what;
    this.#most = most;
  }

  /**
   * Counts one more.
   *
   * @returns what is to be called once it has ended; further calls of that do nothing
   * @throws TooManyRequestsError if this caller has as many as are allowed
   */
  begin(caller: string): () => void {
    const running = this.#running.get(caller) ?? 0;
    if (running >= this.#most) {
      throw new TooManyRequestsError(
        `You have ${running} ${
          this.#what
        } going on, and more at once are not given. Wait until one has ended.`,
      );
    }
    this.#running.set(caller, running + 1);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const left = (this.#running.get(caller) ?? 1) - 1;
      if (left > 0) this.#running.set(caller, left);
      else this.#running.delete(caller);
    };
  }

  /** Counts something while it goes on. */
  async during<T>(caller: string, work: () => Promise<T>): Promise<T> {
    const end = this.begin(caller);
    try {
      return await work();
    } finally {
      end();
    }
  }

  /** Counts a stream until it has ended, or whoever reads it has gone, also before its first piece. */
  stream<T>(
    caller: string,
    signal: AbortSignal,
    pieces: AsyncIterable<T>,
  ): AsyncIterable<T> {
    const end = this.begin(caller);
    // Whoever has gone already tells of it no more.
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
    async function* counted() {
      try {
        yield* pieces;
      } finally {
        end();
      }
    }
    return counted();
  }
}
