import { Config } from '@backstage/config';
import { z } from 'zod';
import { readConfigAs } from '../access/readConfigAs';
import { isSignedWith } from './signature';

const KEY = 'platform.pullRequests.hosts';
const hostsSchema = z
  .array(
    z
      .object({
        host: z.string().min(1),
        webhookSecret: z
          .string()
          .min(16, 'choose a secret of at least 16 characters'),
      })
      .strict(),
  )
  .default([]);

/**
 * The hosts whose webhooks are taken, each with the secret that it signs them with.
 *
 * @throws InputError with the path of a bad key under `platform.pullRequests.hosts`
 */
export function readWebhookSecrets(
  config: Config,
): Array<{ host: string; webhookSecret: string }> {
  return readConfigAs(config, KEY, hostsSchema);
}

/**
 * @param header - gives a header of the delivery by its name in lower case
 * @returns the host whose secret signed it; undefined where none did
 */
export function signerOf(
  body: Buffer,
  header: (name: string) => string | undefined,
  hosts: Array<{ host: string; webhookSecret: string }>,
): string | undefined {
  const signature =
    header('x-gitea-signature') ??
    /^sha256=(.*)$/.exec(header('x-hub-signature-256') ?? '')?.[1];
  return hosts.find(one => isSignedWith(one.webhookSecret, body, signature))
    ?.host;
}
