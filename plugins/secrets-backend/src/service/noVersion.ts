import { NotFoundError } from '@backstage/errors';
import { pathOf, SecretPath } from '../drivers/vault/SecretPath';
import { KeyFacts } from '../drivers/vault/SecretVault';

/**
 * Why a version of a key cannot be had, and what to do.
 *
 * @param known.mount - of the engine that it is in
 */
export function noVersion(
  path: SecretPath,
  version: number,
  known: Pick<KeyFacts, 'keeps' | 'version' | 'versions'> & { mount: string },
): NotFoundError {
  const { service, environment, key } = path;
  const { keeps, version: newest, versions, mount } = known;
  const what = `Version ${version} of ${key} in ${environment}`;
  if (version > newest) {
    return new NotFoundError(
      `There is no version ${version} of ${key} in ${environment}: the newest is ${newest}.`,
    );
  }
  const state = versions.find(one => one.version === version)?.state;
  if (state === 'destroyed') {
    return new NotFoundError(
      `${what} was destroyed in Vault and cannot come back. Restore another version, or set the key.`,
    );
  }
  if (state === 'deleted') {
    const name = service.replace(/^component:default\//, '');
    const command =
      version === newest
        ? `platform secrets undelete ${name}/${key} --env ${environment}`
        : `vault kv undelete -mount=${mount} -versions=${version} ${pathOf(
            path,
          )}`;
    return new NotFoundError(
      `${what} is deleted, so it can be neither seen nor restored. Put it back first: ${command}`,
    );
  }
  return new NotFoundError(
    `${what} is gone: Vault keeps the newest ${
      keeps ?? versions.length
    } only. Restore another version, or set the key.`,
  );
}
