import { Day } from './Day';

/** Of so many questions values are kept, each of about as many rows as there are services. */
const MOST = 8;

interface Known {
  days: readonly Day[];
  value: number | undefined;
}

/**
 * Values that were taken from days, each good as long as the days are the very same ones: a median of many samples takes much longer than
 * to see that none of its days was read again.
 */
export class KnownValues {
  readonly #asked = new Map<string, Map<string, Known>>();

  /**
   * @param asked - what the values are, and of which range
   * @returns the value of a row by its days, from `find` where these are others than before
   */
  of(
    asked: string,
  ): (
    ref: string,
    days: readonly Day[],
    find: (days: readonly Day[]) => number | undefined,
  ) => number | undefined {
    const known = this.#asked.get(asked) ?? new Map<string, Known>();
    // The last is that which was asked for last.
    this.#asked.delete(asked);
    this.#asked.set(asked, known);
    const [oldest] = this.#asked.keys();
    if (this.#asked.size > MOST) this.#asked.delete(oldest);
    return (ref, days, find) => {
      const before = known.get(ref);
      if (before && areSame(before.days, days)) return before.value;
      const value = find(days);
      known.set(ref, { days, value });
      return value;
    };
  }
}

function areSame(some: readonly Day[], others: readonly Day[]): boolean {
  return (
    some.length === others.length && some.every((day, at) => day === others[at])
  );
}
