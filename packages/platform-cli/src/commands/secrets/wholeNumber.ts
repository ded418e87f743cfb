import { InvalidArgumentError } from 'commander';

/** A version of a secret, as an option gives it. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new InvalidArgumentError('Use a whole number.');
  }
  return Number(text);
}
