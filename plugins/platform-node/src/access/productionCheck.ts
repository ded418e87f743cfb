import { Config } from '@backstage/config';
import { configuredEnvironments } from './configuredEnvironments';

/**
 * Whether an environment is production, by `platform.environments`. One that is not there is a preview, unless it is
 * called "production".
 */
export function productionCheck(
  config: Config,
): (environment: string) => boolean {
  const environments = configuredEnvironments(config);
  return name =>
    environments.find(one => one.name === name)?.production ??
    name === 'production';
}
