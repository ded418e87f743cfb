/**
 * Knows for how long others have not written to what they hold, by a clock that nobody sets. Who lives writes again every
 * few seconds; the times that are written are those of a clock that may be another one.
 */
export class Unmoved {
  readonly #elapsed: () => number;
  readonly #marks = new Map<string, { mark: string; since: number }>();

  /** @param elapsed - milliseconds since any time */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  /**
   * @param mark - another with each write
   * @returns milliseconds since it was first seen so; 0 where it was not before
   */
  ms(id: string, mark: string): number {
    const at = this.#elapsed();
    const known = this.#marks.get(id);
    if (known?.mark === mark) return at - known.since;
    this.#marks.set(id, { mark, since: at });
    return 0;
  }

  /** @param ms - how long something was not looked at that is of no concern any more */
  forgetAfter(ms: number): void {
    for (const [id, { since }] of this.#marks) {
      if (this.#elapsed() - since > ms) this.#marks.delete(id);
    }
  }
}
