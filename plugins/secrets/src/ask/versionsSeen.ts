import { Secret } from '@highroad/plugin-secrets-common';
import { Environment } from '../matrix/useSecrets';

/**
 * Version of a key in each environment as it was on the screen, so that nothing newer is changed unseen.
 *
 * @returns by name of environment; 0 where the key was not there
 */
export function versionsSeen(
  known: Secret[],
  key: string,
  environments: Environment[],
): Record<string, number> {
  return Object.fromEntries(
    environments.map(({ name }) => {
      const seen = known.find(
        one => one.key === key && one.environment === name,
      );
      return [name, seen?.version ?? 0];
    }),
  );
}
