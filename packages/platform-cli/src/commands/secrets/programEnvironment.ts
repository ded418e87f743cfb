import { Encoding } from '@highroad/plugin-secrets-common';
import { isUtf8 } from 'node:buffer';

/**
 * Values as variables of a program's environment.
 *
 * @returns the variables, and the keys whose bytes no variable can hold
 */
export function programEnvironment(
  items: Array<{ key: string; value: string; encoding: Encoding }>,
): { variables: Record<string, string>; leftOut: string[] } {
  const variables: Record<string, string> = {};
  const leftOut: string[] = [];
  for (const { key, value, encoding } of items) {
    const bytes = Buffer.from(value, encoding === 'base64' ? 'base64' : 'utf8');
    if (isUtf8(bytes) && !bytes.includes(0)) variables[key] = bytes.toString();
    else leftOut.push(key);
  }
  return { variables, leftOut };
}
