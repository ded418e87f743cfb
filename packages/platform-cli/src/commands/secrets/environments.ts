import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { Portal } from '../../portal/Portal';

/**
 * Whether some of these environments are production, which takes a permission of its own.
 *
 * @throws CliError for one that is not there
 */
export async function anyProduction(
  portal: Portal,
  ...names: string[]
): Promise<boolean> {
  const { environments } = await portal.secrets.status({});
  return names.some(name => {
    const found = environments.find(one => one.name === name);
    if (found) return found.production;
    throw new CliError(`There is no environment "${name}".`, {
      fix: `There is ${environments.map(one => one.name).join(', ')}.`,
      exitCode: exitCodes.notFound,
    });
  });
}
