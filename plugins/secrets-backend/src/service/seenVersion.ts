import { ConflictError } from '@backstage/errors';
import { SecretChange } from '@highroad/plugin-secrets-common';
import { Authorship } from '../database/VersionStore';
import { SecretPath } from '../drivers/vault/SecretPath';
import { KeyFacts } from '../drivers/vault/SecretVault';

/** @throws ConflictError if the newest version is not the one that is meant */
export function checkVersion(
  { environment, key }: SecretPath,
  { version }: KeyFacts,
  meant: number | undefined,
): void {
  if (meant === undefined || version === meant) return;
  throw new ConflictError(
    `${key} in ${environment} is at version ${version}, not ${meant}; it was not changed. Look at it, then try again.`,
  );
}

/** @returns the newest version; nothing where none was ever written */
export function newestIn({
  version,
  versions,
}: Pick<KeyFacts, 'version' | 'versions'>):
  | KeyFacts['versions'][number]
  | undefined {
  return versions.find(one => one.version === version);
}

/**
 * The value that was in force, and who had set it.
 *
 * @param author - of that version, where it is known
 */
export function replacedOf(
  { readable, version }: KeyFacts,
  author: Authorship | undefined,
): SecretChange['replaced'] {
  if (!readable) return undefined;
  return { version, ...(author && { by: author.actor }) };
}
