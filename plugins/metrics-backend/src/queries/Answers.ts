/** Some numbers are ages, so that answers are good for a time only, also where nothing changes. */
const GOOD_MS = 30_000;
const MOST = 500;

/** Answers that were given, as long as nothing has changed since: open pages ask for the same again and again. */
export class Answers<T> {
  readonly #now: () => Date;
  readonly #known = new Map<string, { at: number; answer: Promise<T> }>();

  constructor(options: { now: () => Date }) {
    this.#now = options.now;
  }

  /**
   * @param key - all that the answer follows from, with how far everything is computed
   * @returns the same answer for the same key; several who ask at once wait for one
   */
  async of(key: string, find: () => Promise<T>): Promise<T> {
    const now = this.#now().getTime();
    const known = this.#known.get(key);
    if (known && now - known.at < GOOD_MS) return known.answer;
    const answer = find();
    this.#known.delete(key);
    this.#known.set(key, { at: now, answer });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST) break;
      this.#known.delete(oldest);
    }
    // What failed is asked for anew.
    answer.catch(() => this.#known.delete(key));
    return answer;
  }
}
