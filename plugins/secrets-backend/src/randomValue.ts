import { SecretValue } from '@highroad/plugin-platform-common';
import { Alphabet, alphabets } from '@highroad/plugin-secrets-common';
import { randomInt } from 'node:crypto';

/** A value of which each character is drawn evenly from an alphabet, by the system's own source of randomness. */
export function randomValue(length: number, alphabet: Alphabet): SecretValue {
  const letters = alphabets[alphabet];
  return new SecretValue(
    Array.from({ length }, () => letters[randomInt(letters.length)]).join(''),
  );
}
