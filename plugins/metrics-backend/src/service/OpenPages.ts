/** As often pages are told at most, in milliseconds: they need not be drawn more often. */
const PACE_MS = 500;
/** How much longer they are left alone for each question that came since they were told: more than an answer costs. */
const QUESTION_MS = 20;
/** Not longer than that, in milliseconds. */
const LONGEST_MS = 15_000;

/**
 * Tells open pages of changes. All of them ask when they are told, so what changes all the time is told the more seldom the more of them
 * there are; where nothing was told for a while, a change is told at once, however many they are.
 */
export class OpenPages {
  readonly #tell: () => void;
  #questions = 0;
  #toldAt = 0;
  #again = false;
  #resting: NodeJS.Timeout | undefined;

  constructor(options: { tell: () => void }) {
    this.#tell = options.tell;
  }

  /** Something was asked. */
  asked(): void {
    this.#questions += 1;
  }

  /** Something changed. Many changes at once are told of together. */
  tell(): void {
    if (this.#resting) {
      this.#again = true;
      return;
    }
    this.#again = false;
    this.#questions = 0;
    this.#toldAt = performance.now();
    this.#rest(PACE_MS);
    this.#tell();
  }

  /** Nothing is told any more of what changed before. */
  stop(): void {
    clearTimeout(this.#resting);
  }

  #rest(ms: number): void {
    this.#resting = setTimeout(() => {
      const restMs = Math.max(
        PACE_MS,
        Math.min(LONGEST_MS, this.#questions * QUESTION_MS),
      );
      // Questions come one after another, so how many they are is known only later.
      const left = this.#toldAt + restMs - performance.now();
      if (left >= 1) {
        this.#rest(left);
        return;
      }
      this.#resting = undefined;
      if (this.#again) this.tell();
    }, ms).unref();
  }
}
