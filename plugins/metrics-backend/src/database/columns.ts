import { isWebAddress } from '@highroad/plugin-metrics-common';

/**
 * Reads columns of our own tables, whose rows are read by ten thousands: what a schema library does for each of their fields would take
 * longer than all that is done with them. Each says the type that a column has in either database, and throws a TypeError for another.
 */
export const column = {
  text(value: unknown): string {
    if (typeof value === 'string') return value;
    throw new TypeError(`A column of metrics has ${typeof value} for text.`);
  },

  textOrNone(value: unknown): string | undefined {
    return value === null || value === undefined
      ? undefined
      : column.text(value);
  },

  /** The address of a page. What others told once, and leads to none, is left out. */
  addressOrNone(value: unknown): string | undefined {
    const address = column.textOrNone(value);
    return isWebAddress(address) ? address : undefined;
  },

  /** PostgreSQL has text for large numbers. */
  number(value: unknown): number {
    const number = typeof value === 'string' ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) return number;
    throw new TypeError('A column of metrics has no number.');
  },

  numberOrNone(value: unknown): number | undefined {
    return value === null || value === undefined
      ? undefined
      : column.number(value);
  },

  /** SQLite has numbers for booleans. */
  flag(value: unknown): boolean {
    if (typeof value === 'boolean') return value;
    return column.number(value) !== 0;
  },

  oneOf<T extends string>(list: readonly T[], value: unknown): T {
    const found = list.find(one => one === value);
    if (found !== undefined) return found;
    throw new TypeError(
      `A column of metrics has ${value}, and none of ${list.join(', ')}.`,
    );
  },

  oneOfOrNone<T extends string>(
    list: readonly T[],
    value: unknown,
  ): T | undefined {
    return value === null || value === undefined
      ? undefined
      : column.oneOf(list, value);
  },
};

/** A row as a database gives it. */
export type Columns = Record<string, unknown>;
