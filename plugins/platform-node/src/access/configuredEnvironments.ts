import { Config } from '@backstage/config';
import { z } from 'zod';
import { readConfigAs } from './readConfigAs';

const environmentsSchema = z
  .array(
    z.object({ name: z.string().min(1), production: z.boolean().optional() }),
  )
  .default([]);

/**
 * The standing environments of `platform.environments`, as far as rights and records go by them.
 *
 * @throws InputError naming the path of a key that is wrong
 */
export function configuredEnvironments(
  config: Config,
): Array<{ name: string; production?: boolean }> {
  return readConfigAs(config, 'platform.environments', environmentsSchema);
}
