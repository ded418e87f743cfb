import { Config } from '@backstage/config';
import { readConfigAs } from '@highroad/plugin-platform-node';
import { z } from 'zod';

const schema = z
  .object({ maxDays: z.number().int().min(1).max(3650).default(90) })
  .strict()
  .default({});
export type DeviationSettings = z.output<typeof schema>;

/** @throws InputError with the path of a bad key under `platform.deployments.deviations` */
export function readDeviationSettings(config: Config): DeviationSettings {
  return readConfigAs(config, 'platform.deployments.deviations', schema);
}
