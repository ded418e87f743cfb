import { stringifyEntityRef } from '@backstage/catalog-model';
import { keySchema } from '@highroad/plugin-secrets-common';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { Portal } from '../../portal/Portal';
import { resolveService } from '../service/resolveService';

/**
 * What is meant by `my-service/DATABASE_URL`. The key stands behind the last slash, since references have one too.
 *
 * @throws CliError that says what is wrong with it
 */
export async function resolveSecret(
  portal: Portal,
  name: string,
): Promise<{ service: string; key: string }> {
  const at = name.lastIndexOf('/');
  const key = name.slice(at + 1);
  if (at < 1) {
    throw new CliError('The key is missing.', {
      fix: 'Write the service, a slash and the key: my-service/DATABASE_URL',
      exitCode: exitCodes.usage,
    });
  }
  const parsed = keySchema.safeParse(key);
  if (!parsed.success) {
    throw new CliError(`"${key.slice(0, 60)}" is not a name for a key.`, {
      why: parsed.error.issues[0].message,
      exitCode: exitCodes.usage,
    });
  }
  const entity = await resolveService(portal, name.slice(0, at));
  return { service: stringifyEntityRef(entity), key };
}
