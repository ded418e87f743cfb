import { Config } from '@backstage/config';
import { readConfigAs } from '@highroad/plugin-platform-node';
import { z } from 'zod';

const path = z
  .string()
  .regex(
    /^[A-Za-z0-9][\w./-]*[\w-]$|^[A-Za-z0-9]$/,
    'use a path without slashes at its ends',
  );

/** One way to sign in. Files are read at each sign-in, so that what is renewed in them is taken. */
const authSchema = z.union([
  z.object({ tokenFile: z.string().min(1) }).strict(),
  z
    .object({
      roleId: z.string().min(1),
      secretId: z.string().min(1).optional(),
      secretIdFile: z.string().min(1).optional(),
      mount: path.default('approle'),
    })
    .strict()
    .refine(
      ({ secretId, secretIdFile }) => !secretId !== !secretIdFile,
      'give secretId or secretIdFile',
    ),
  z
    .object({
      kubernetesRole: z.string().min(1),
      tokenPath: z
        .string()
        .default('/var/run/secrets/kubernetes.io/serviceaccount/token'),
      mount: path.default('kubernetes'),
    })
    .strict(),
]);
export type VaultAuth = z.output<typeof authSchema>;

/** What the platform does in Vault, each with a role of its own that can do nothing else. */
export const vaultRoles = ['write', 'reveal', 'sync', 'policies'] as const;
export type VaultRole = (typeof vaultRoles)[number];

const vaultSchema = z
  .object({
    url: z.string().url(),
    /** Where a KV engine of version 2 is */
    mount: path.default('secret'),
    namespace: z.string().optional(),
    /** PEM of the authority that signed Vault's certificate */
    caFile: z.string().optional(),
    timeoutSeconds: z.number().min(1).max(60).default(5),
    auth: z
      .object({
        write: authSchema,
        reveal: authSchema,
        sync: authSchema,
        /** Left out, no policies are kept in step */
        policies: authSchema.optional(),
      })
      .strict(),
    /** Clusters whose programs sign in at Vault themselves, and the method of each */
    workloads: z
      .array(
        z
          .object({
            cluster: z.string().min(1),
            mount: path.default('kubernetes'),
          })
          .strict(),
      )
      .default([]),
  })
  .strict()
  .refine(({ auth, workloads }) => workloads.length === 0 || auth.policies, {
    path: ['auth', 'policies'],
    message: 'it takes this role to keep the roles of workloads',
  });
export type VaultSettings = z.output<typeof vaultSchema>;

/**
 * @returns nothing where no Vault is configured
 * @throws InputError with the path of a bad key under `platform.vault`
 */
export function readVaultSettings(config: Config): VaultSettings | undefined {
  if (!config.has('platform.vault')) return undefined;
  return readConfigAs(config, 'platform.vault', vaultSchema);
}
