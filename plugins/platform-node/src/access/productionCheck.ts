import { Config } from '@backstage/config';
import { z } from 'zod';
import { readConfigAs } from './readConfigAs';

const environmentsSchema = z
  .array(
    z.object({ name: z.string().min(1), production: z.boolean().optional() }),
  )
  .default([]);

/**
 * Whether an environment is production, by `platform.environments`. One that is not there is a preview, unless it is
 * called "production".
 */
export function productionCheck(
  config: Config,
): (environment: string) => boolean {
  const environments = readConfigAs(
    config,
    'platform.environments',
    environmentsSchema,
  );
  return name =>
    environments.find(one => one.name === name)?.production ??
    name === 'production';
}
