import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { z } from 'zod';

/**
 * Reads a part of the configuration in a shape.
 *
 * @param key - path of the part; what is not there reads as `undefined`
 * @throws InputError that names the path of each bad key, what was found there and what would fit
 */
export function readConfigAs<T extends z.ZodTypeAny>(
  config: Config,
  key: string,
  schema: T,
): z.output<T> {
  const parsed = schema.safeParse(config.getOptional(key));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    issue => `${pathOf(key, issue.path)}: ${issue.message}`,
  );
  throw new InputError(
    `The configuration is not valid. ${problems.join('; ')}`,
  );
}

function pathOf(key: string, path: Array<string | number>): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : `${text}.${step}`,
    key,
  );
}
