import { Day } from './Day';

/** About 8 bytes each, so some 100 MB: 90 days of 5,000 services, and of their owners, fit in it twice. */
const MOST_WORDS = 12_000_000;
/** What a day takes besides its samples. */
const DAY_WORDS = 25;

/** What there is of a day: of each owner, system or service one, or several. Names are numbers, since there are many of each. */
interface Parts {
  names: number[];
  days: Day[];
}

interface Known extends Parts {
  revision: number;
  words: number;
}

/** How days are read. */
export interface DayReader {
  /** Of each day that there is, a number that is another one when the day has changed */
  revisions: () => Promise<ReadonlyMap<string, number>>;
  /** Days as they are now, by owner, system or service */
  read: (days: string[]) => Promise<ReadonlyMap<string, readonly Day[]>>;
}

/**
 * Days as they were read, each good as long as its revision is the same: of a range, today changes, and all before it seldom. Those that
 * nobody asked for longest are forgotten where they become too many.
 */
export class KnownDays {
  readonly #most: number;
  readonly #days = new Map<string, Known>();
  readonly #numbers = new Map<string, number>();
  readonly #refs: string[] = [];
  readonly #reading = new Map<string, Promise<unknown>>();
  #words = 0;

  /** @param most - how much is kept, in words of 8 bytes */
  constructor(most = MOST_WORDS) {
    this.#most = most;
  }

  /**
   * @param of - what the days are of: a place, and by what they are told apart
   * @returns the days of each owner, system or service, in the order of their revisions
   */
  async get(of: string, reader: DayReader): Promise<Map<string, Day[]>> {
    // One after another: the next finds what this one read.
    const before = this.#reading.get(of);
    const found = (async () => {
      await before?.catch(() => undefined);
      return this.#get(of, reader);
    })();
    this.#reading.set(of, found);
    try {
      return this.#together(await found);
    } finally {
      if (this.#reading.get(of) === found) this.#reading.delete(of);
    }
  }

  async #get(of: string, { revisions, read }: DayReader): Promise<Parts[]> {
    // Before the days: what changes meanwhile has another revision then, and is read again.
    const wanted = await revisions();
    const parts = new Map<string, Parts>();
    const missing: string[] = [];
    for (const [day, revision] of wanted) {
      const key = `${of} ${day}`;
      const known = this.#days.get(key);
      if (known?.revision === revision) {
        parts.set(day, known);
        // The last is that which was asked for last.
        this.#days.delete(key);
        this.#days.set(key, known);
      } else missing.push(day);
    }
    if (missing.length > 0) {
      for (const [day, one] of this.#byDay(missing, await read(missing))) {
        parts.set(day, one);
        this.#keep(`${of} ${day}`, wanted.get(day) ?? 0, one);
      }
    }
    return [...wanted.keys()].flatMap(day => parts.get(day) ?? []);
  }

  #byDay(
    days: string[],
    read: ReadonlyMap<string, readonly Day[]>,
  ): Map<string, Parts> {
    const found = new Map<string, Parts>(
      days.map(day => [day, { names: [], days: [] }]),
    );
    for (const [ref, list] of read) {
      const number = this.#numbers.get(ref) ?? this.#refs.length;
      if (number === this.#refs.length) {
        this.#numbers.set(ref, number);
        this.#refs.push(ref);
      }
      for (const day of list) {
        const parts = found.get(day.day);
        parts?.names.push(number);
        parts?.days.push(day);
      }
    }
    return found;
  }

  #together(all: Parts[]): Map<string, Day[]> {
    const lists: Day[][] = this.#refs.map(() => []);
    for (const { names, days } of all) {
      for (let at = 0; at < names.length; at++) lists[names[at]].push(days[at]);
    }
    const found = new Map<string, Day[]>();
    lists.forEach((list, number) => {
      if (list.length > 0) found.set(this.#refs[number], list);
    });
    return found;
  }

  #keep(key: string, revision: number, parts: Parts): void {
    this.#forget(key);
    const words = parts.days.reduce((sum, day) => sum + wordsOf(day), 1);
    this.#days.set(key, { ...parts, revision, words });
    this.#words += words;
    for (const oldest of this.#days.keys()) {
      if (this.#words <= this.#most) break;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#words -= this.#days.get(key)?.words ?? 0;
    this.#days.delete(key);
  }
}

function wordsOf({ leads, recoveries, restores }: Day): number {
  return DAY_WORDS + leads.length + recoveries.length + restores.length;
}
