import {
  cutInDotEnv,
  DotEnvEntry,
  keySchema,
  readDotEnv,
} from '@highroad/plugin-secrets-common';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';

/**
 * Reads a .env file whose keys can be kept, each with its whole value.
 *
 * @throws CliError that names the key that is wrong, and no value
 */
export function parseDotEnv(text: string): DotEnvEntry[] {
  const entries = readDotEnv(text);
  if (entries.length === 0) {
    throw new CliError('There is no key in it.', {
      fix: 'A line says KEY=value.',
      exitCode: exitCodes.usage,
    });
  }
  const cut = cutInDotEnv(text);
  for (const { key, value } of entries) {
    const parsed = keySchema.safeParse(key);
    const problem = parsed.success
      ? cut.get(key) ?? (!value && 'its value is empty; take the line away')
      : parsed.error.issues[0].message;
    if (problem) {
      // What stands before a stray "=" may be part of a value.
      const shown = parsed.success ? key : 'A line';
      throw new CliError(`${shown} cannot be imported: ${problem}.`, {
        exitCode: exitCodes.usage,
      });
    }
  }
  return entries;
}
