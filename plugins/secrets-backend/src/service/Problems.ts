import { InputError } from '@backstage/errors';

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

  /**
   * Tells once, as long as it is so, what only somebody's change mends: all of it together, before anything else.
   *
   * @param said - words that were told before, which become those that were found by now
   * @throws InputError with what was not told before; without such, the first other of what went wrong
   */
  tellOnce(said: Set<string>): void {
    const words = this.#found.flatMap(one =>
      one instanceof InputError ? [one.message] : [],
    );
    const news = words.filter(one => !said.has(one));
    said.clear();
    for (const one of words) said.add(one);
    if (news.length > 0) throw new InputError(news.join(' '));
    const others = this.#found.filter(one => !(one instanceof InputError));
    if (others.length > 0) throw others[0];
  }
}
