import { withinTime } from '@highroad/plugin-platform-node';
import { Generation } from '@highroad/plugin-secrets-node';
import { HeldRotation } from '../../database/RotationStore';
import { Maker } from '../../database/VersionStore';
import { SecretVault } from '../../drivers/vault/SecretVault';
import { errorWithoutValues } from '../../withoutValues';

/** When a generator is told that it takes too long. */
const GENERATOR_MS = 60_000;
/** One that heeds this has so long to end, and to say what it waited for. */
const ENDING_MS = 5_000;

/** The version whose value a generator is told, and as what. */
export interface Told {
  as: 'current' | 'before';
  version: number;
}

/**
 * Has a generator do something for a key. One that hangs is not waited for any longer than 65 seconds, also where it does not
 * heed its signal: it may go on, but nothing comes of it.
 *
 * @param told - left out, it is told no value
 * @throws what the generator throws, which may be another's: without values in its words; or an Error that it did not end
 */
export async function askGenerator<T>(
  { path, rule, fence }: Pick<HeldRotation, 'fence' | 'path'> & { rule: Maker },
  told: Told | undefined,
  vault: Pick<SecretVault, 'read'>,
  work: (generation: Generation) => Promise<T>,
): Promise<T> {
  const stored = told && (await vault.read(path, 'sync', told.version));
  try {
    return await withinTime(
      work({
        ...{ ...path, fence },
        settings: rule.settings,
        current: undefined,
        ...(told && { [told.as]: stored?.value }),
        signal: AbortSignal.timeout(GENERATOR_MS),
      }),
      GENERATOR_MS + ENDING_MS,
      `The generator "${rule.generator}" did not end within a minute, and is not waited for any longer.`,
    );
  } catch (error) {
    throw errorWithoutValues(error, [stored?.value]);
  }
}
