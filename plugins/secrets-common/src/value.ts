import { SecretValue, secretText } from '@highroad/plugin-platform-common';
import { z } from 'zod';

/** Largest value, in bytes of UTF-8: what a Secret of Kubernetes still takes beside others. */
export const MOST_BYTES = 512 * 1024;
/** Most that all values of a service in one environment may be together, in bytes: what one Secret of Kubernetes holds. */
export const MOST_TOGETHER = 1024 * 1024;
/** Most keys that one import takes. */
export const MOST_IMPORTED = 200;

/** Name of a key, which programs see as a variable of their environment. */
export const keySchema = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]{0,127}$/,
    'use a name such as DATABASE_URL: letters, digits and "_", not beginning with a digit, at most 128',
  )
  .describe('Name of the key, such as DATABASE_URL');

/** How a value is written: as it is, or in base64 where it is not text. */
export const encodings = ['text', 'base64'] as const;

/** One of some words. What was written instead may be a value in the wrong place, so it is not repeated. */
export function oneOf<U extends string, T extends readonly [U, ...U[]]>(
  words: T,
) {
  return z.enum(words, {
    errorMap: () => ({ message: `write ${words.join(' or ')}` }),
  });
}
export type Encoding = (typeof encodings)[number];

/** A value, marked as secret from the moment that it is read. */
export const valueSchema = secretText(
  // Bounded here in characters of base64, and in bytes by problemOfValue.
  z.string().max(Math.ceil(MOST_BYTES / 3) * 4, 'it is larger than 512 KiB'),
).describe('The value. In base64, where the encoding says so');

/** Whether it is base64, with padding and with or without line breaks. */
export function isBase64(text: string): boolean {
  return /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(
    text.replace(/\s/g, ''),
  );
}

/**
 * What keeps a value from being stored.
 *
 * @returns nothing for one that can be; the words never quote it
 */
export function problemOfValue(
  value: SecretValue,
  encoding: Encoding,
): string | undefined {
  const text = value.reveal();
  if (text.length === 0) return 'it is empty; to take it away, delete the key';
  if (encoding === 'base64') {
    if (!isBase64(text)) return 'it is not base64';
    const plain = text.replace(/\s/g, '');
    const bytes = (plain.length / 4) * 3;
    return bytes > MOST_BYTES + 2 ? 'it is larger than 512 KiB' : undefined;
  }
  // A lone half of a pair has no form in UTF-8.
  if (
    /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(
      text,
    )
  ) {
    return 'it is not valid UTF-8; send it in base64';
  }
  if (text.includes('\0')) {
    return 'it holds a zero byte, which no environment variable can; send it in base64';
  }
  return new TextEncoder().encode(text).length > MOST_BYTES
    ? 'it is larger than 512 KiB'
    : undefined;
}
