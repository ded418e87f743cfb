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

  /**
   * @param said - words that were told before, to which these are added: what only somebody's change mends is told once
   * @throws the first of what went wrong
   */
  tell(said: Set<string> = new Set()): void {
    const left = this.#found.filter(
      one => !(one instanceof InputError && said.has(one.message)),
    );
    if (left.length === 0) return;
    const [first] = left;
    if (first instanceof InputError) said.add(first.message);
    throw first;
  }
}
