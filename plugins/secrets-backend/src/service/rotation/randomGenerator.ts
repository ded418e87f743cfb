import { InputError } from '@backstage/errors';
import { generatorShape } from '@highroad/plugin-secrets-common';
import { SecretGenerator, Settings } from '@highroad/plugin-secrets-node';
import { z } from 'zod';
import { randomValue } from '../../randomValue';

const settingsSchema = z.object(generatorShape).strict();

/** Values that only the service itself has to know. */
export const randomGenerator: SecretGenerator = {
  accept,
  async make({ settings }) {
    const { length, alphabet } = settingsSchema.parse(settings);
    return randomValue(length, alphabet);
  },
};

function accept(settings: Settings): Settings {
  const read = settingsSchema.safeParse(settings);
  if (read.success) return read.data;
  const [{ path, message }] = read.error.issues;
  throw new InputError(
    `${['settings', ...path].join(
      '.',
    )}: ${message}. A random value takes length and alphabet.`,
  );
}
