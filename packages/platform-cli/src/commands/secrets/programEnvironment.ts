import { Encoding } from '@highroad/plugin-secrets-common';
import { isUtf8 } from 'node:buffer';

/** What Linux takes of one variable, with its name, in bytes. */
const MOST_BYTES = 128 * 1024;

/**
 * Values as variables of a program's environment.
 *
 * @returns the variables, and the keys whose values no variable can hold, with the reason
 */
export function programEnvironment(
  items: Array<{ key: string; value: string; encoding: Encoding }>,
): {
  variables: Record<string, string>;
  leftOut: Array<{ key: string; why: string }>;
} {
  const variables: Record<string, string> = {};
  const leftOut: Array<{ key: string; why: string }> = [];
  for (const { key, value, encoding } of items) {
    const bytes = Buffer.from(value, encoding === 'base64' ? 'base64' : 'utf8');
    const isText = isUtf8(bytes) && !bytes.includes(0);
    // With "=" and a zero byte.
    const fits = key.length + bytes.length + 2 <= MOST_BYTES;
    if (isText && fits) variables[key] = bytes.toString();
    else {
      leftOut.push({
        key,
        why: isText
          ? 'it is larger than a variable may be, which is 128 KiB'
          : 'it is no text',
      });
    }
  }
  return { variables, leftOut };
}
