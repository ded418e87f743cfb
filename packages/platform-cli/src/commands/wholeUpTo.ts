import { InvalidArgumentError } from 'commander';

/** Reads an option that counts something, from 1 on. */
export function wholeUpTo(most: number): (text: string) => number {
  return text => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > most) {
      throw new InvalidArgumentError(`Use a whole number from 1 to ${most}.`);
    }
    return value;
  };
}
