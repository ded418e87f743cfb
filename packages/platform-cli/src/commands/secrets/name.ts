import { stringifyEntityRef } from '@backstage/catalog-model';
import { keySchema } from '@highroad/plugin-secrets-common';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { Portal } from '../../portal/Portal';
import { resolveService } from '../service/resolveService';

/** What a reference of the catalog may look like. Anything else may be a value in the wrong place, and is not repeated. */
const REFERENCE = /^([a-z]+:)?([\w.-]+\/)?[\w.-]+$/i;

/**
 * What is meant by `my-service/DATABASE_URL`. The key stands behind the last slash, since references have one too.
 *
 * @throws CliError that says what is wrong with it
 */
export async function resolveSecret(
  portal: Portal,
  name: string,
): Promise<{ service: string; key: string }> {
  if (name.includes('=')) {
    throw new CliError('A value does not belong behind the key.', {
      fix: 'Leave "=" and the value out, to be asked for it: platform secrets set my-service/DATABASE_URL',
      exitCode: exitCodes.usage,
    });
  }
  const at = name.lastIndexOf('/');
  const key = name.slice(at + 1);
  if (at < 1 || !REFERENCE.test(name.slice(0, at))) {
    throw new CliError('That names no service and key.', {
      fix: 'Write the service, a slash and the key: my-service/DATABASE_URL',
      exitCode: exitCodes.usage,
    });
  }
  const parsed = keySchema.safeParse(key);
  if (!parsed.success) {
    const shown = /^[\w.-]{1,60}$/.test(key) ? `"${key}"` : 'That';
    throw new CliError(`${shown} is not a name for a key.`, {
      why: parsed.error.issues[0].message,
      exitCode: exitCodes.usage,
    });
  }
  const entity = await resolveService(portal, name.slice(0, at));
  return { service: stringifyEntityRef(entity), key };
}
