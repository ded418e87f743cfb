/** Has one thing done after the other, also after one that went wrong. */
export class Problems {
  readonly #found: unknown[] = [];

  async after(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#found.push(error);
    }
  }

  /** @throws the first of what went wrong */
  tell(): void {
    if (this.#found.length > 0) throw this.#found[0];
  }
}
