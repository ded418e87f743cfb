import { isError } from '@backstage/errors';

/** How long an answer is believed: a host that answers may fail later, one that does not is about to come up. */
const ANSWERS_FOR_MS = 30_000;
const FAILS_FOR_MS = 3_000;

/**
 * Whether a host answers now, asked at most every few seconds however many people want to know.
 */
export class Availability {
  readonly #probe: () => Promise<void>;
  readonly #now: () => number;
  #known: { problem: string | undefined; until: number } | undefined;
  #asking: Promise<string | undefined> | undefined;

  /** @param probe - returns where the host answers, throws what is wrong where it does not */
  constructor(probe: () => Promise<void>, now: () => number = Date.now) {
    this.#probe = probe;
    this.#now = now;
  }

  /** @returns what is wrong, in words; undefined where the host answers */
  async problem(): Promise<string | undefined> {
    if (this.#known && this.#now() < this.#known.until) {
      return this.#known.problem;
    }
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<string | undefined> {
    let problem: string | undefined;
    try {
      await this.#probe();
    } catch (error) {
      problem = isError(error) ? error.message : String(error);
    }
    const lasts = problem === undefined ? ANSWERS_FOR_MS : FAILS_FOR_MS;
    this.#known = { problem, until: this.#now() + lasts };
    return problem;
  }
}
