/** The message certainly did not arrive. */
export class RefusedError extends Error {
  readonly name: string = 'RefusedError';
}

/** It wants to be left alone for a while. */
export class DelayedError extends RefusedError {
  readonly name = 'DelayedError';

  /** @param afterMs - for how long */
  constructor(message: string, readonly afterMs: number) {
    super(message);
  }
}
