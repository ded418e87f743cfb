import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { deploymentReadPermission } from './permissions';

/** A Secret that pods of a deployment refer to. */
export const secretReferenceSchema = z.object({
  /** What refers to it, such as `Deployment cart` */
  object: z.string(),
  /** Name of the Secret */
  secret: z.string(),
  /** What of it; all that is in it, if left out */
  key: z.string().optional(),
  /** Pods start without it too */
  optional: z.boolean(),
});
export type SecretReference = z.infer<typeof secretReferenceSchema>;

/** What the newest manifests refer to that were made for an environment. */
export const deployedReferencesSchema = z.object({
  environment: z.string(),
  /** Id of the deployment that the manifests are of; none where they were only looked at */
  deployment: z.string().optional(),
  version: z.string(),
  /** When it was asked for, ISO 8601 */
  at: z.string(),
  /** They were looked at before a deployment, and are not those of one that was begun */
  checked: z.boolean().optional(),
  references: z.array(secretReferenceSchema),
});
export type DeployedReferences = z.infer<typeof deployedReferencesSchema>;

export const secretReferences = defineOperation({
  plugin: 'deployments',
  name: 'secret-references',
  summary: 'see which secrets the programs of a service refer to',
  http: { method: 'GET', path: '/v1/secret-references' },
  input: z.object({
    service: z
      .string()
      .min(1)
      .max(300)
      .describe('Reference of a service, such as component:default/cart'),
  }),
  output: z.object({
    /**
     * One for each environment that it was ever deployed to; after these, one for each where newer manifests were looked at,
     * by a deployment that was refused, or for a day by a dry run
     */
    items: z.array(deployedReferencesSchema),
  }),
  access: { permission: deploymentReadPermission },
  audit: 'no-effect',
});

export const secretNeeds = defineOperation({
  plugin: 'deployments',
  name: 'secret-needs',
  summary: 'see which secrets the programs of all services refer to',
  http: { method: 'GET', path: '/v1/secret-needs' },
  input: z.object({
    after: z
      .string()
      .max(300)
      .default('')
      .describe('Where to go on, as "next" of the answer before says'),
    limit: z.number().int().min(1).max(1000).default(500),
  }),
  output: z.object({
    /**
     * By service, of those that a check has looked at since looks are kept: what was last looked at for each environment by a
     * deployment, whatever became of it, and for a day by a dry run
     */
    items: z.array(
      z.object({
        service: z.string(),
        references: z.array(deployedReferencesSchema),
      }),
    ),
    /** Where to go on; nothing where these were the last */
    next: z.string().optional(),
  }),
  access: { permission: deploymentReadPermission, filtered: true },
  // Plugins alone are answered.
  audit: 'no-effect',
});
