import { Config } from '@backstage/config';
import { readConfigAs } from '@highroad/plugin-platform-node';
import { z } from 'zod';

const settingsSchema = z
  .object({
    pollSeconds: z.number().min(0.1).max(3600).default(30),
    vaultPollSeconds: z.number().min(1).max(86_400).default(5400),
    restartWindowSeconds: z.number().min(0).max(600).default(10),
    // Read by what connects to them.
    postgres: z.unknown(),
  })
  .strict()
  .default({});
export type SecretSettings = z.output<typeof settingsSchema>;

/** @throws InputError with the path of a bad key under `platform.secrets` */
export function readSecretSettings(config: Config): SecretSettings {
  return readConfigAs(config, 'platform.secrets', settingsSchema);
}
