import { createExtensionPoint } from '@backstage/backend-plugin-api';
import { SecretGenerator } from './SecretGenerator';

/** Takes generators in, which rotations then choose by name. */
export interface SecretGeneratorsExtensionPoint {
  /**
   * @param name - what a rotation calls it, such as `mongodb`
   * @throws Error if there is one of that name already
   */
  addGenerator(name: string, generator: SecretGenerator): void;
}

/** Where a module adds a generator to Secrets. `random` and `postgres` are there already. */
export const secretGeneratorsExtensionPoint =
  createExtensionPoint<SecretGeneratorsExtensionPoint>({
    id: 'secrets.generators',
  });
