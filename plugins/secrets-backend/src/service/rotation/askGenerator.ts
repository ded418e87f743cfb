import { Generation } from '@highroad/plugin-secrets-node';
import { HeldRotation } from '../../database/RotationStore';
import { SecretVault } from '../../drivers/vault/SecretVault';
import { errorWithoutValues } from '../../withoutValues';

/** A generator that hangs is not waited for any longer. */
const GENERATOR_MS = 60_000;

/** The version whose value a generator is told, and as what. */
export interface Told {
  as: 'current' | 'before';
  version: number;
}

/**
 * Has a generator do something for a key.
 *
 * @param told - left out, it is told no value
 * @throws what the generator throws, which may be another's: without values in its words
 */
export async function askGenerator<T>(
  { path, rule, fence }: Pick<HeldRotation, 'fence' | 'path' | 'rule'>,
  told: Told | undefined,
  vault: Pick<SecretVault, 'read'>,
  work: (generation: Generation) => Promise<T>,
): Promise<T> {
  const stored = told && (await vault.read(path, 'sync', told.version));
  try {
    return await work({
      ...{ ...path, fence },
      settings: rule.settings,
      current: undefined,
      ...(told && { [told.as]: stored?.value }),
      signal: AbortSignal.timeout(GENERATOR_MS),
    });
  } catch (error) {
    throw errorWithoutValues(error, [stored?.value]);
  }
}
