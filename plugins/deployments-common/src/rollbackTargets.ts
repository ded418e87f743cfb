import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { deploymentSchema } from './deployment';
import { deploymentReadPermission } from './permissions';

/** What a rollback would do in a place, and what it can be told to do instead. */
export const rollbackTargetsSchema = z.object({
  /** What it takes the place of: what is under way, what has failed and is still there, or what runs */
  undone: deploymentSchema.optional(),
  /** What it puts back: what was asked for, or what is taken where nobody says what */
  proposed: deploymentSchema.optional(),
  /** Why nothing is proposed, in a sentence */
  why: z.string().optional(),
  /** What can be put back, newest first: each version with its manifests once, never what runs */
  offered: z.array(deploymentSchema),
});
export type RollbackTargets = z.output<typeof rollbackTargetsSchema>;

export const rollbackTargets = defineOperation({
  plugin: 'deployments',
  name: 'rollback-targets',
  summary: 'see what a rollback would put back',
  http: { method: 'GET', path: '/v1/rollback-targets' },
  input: z.object({
    service: z
      .string()
      .min(1)
      .max(300)
      .describe('Reference of a service, such as component:default/cart'),
    environment: z.string().min(1).max(63),
    to: z
      .string()
      .uuid('the id of a deployment is a UUID')
      .optional()
      .describe('Id of the deployment that would be put back, if chosen'),
  }),
  output: rollbackTargetsSchema,
  access: { permission: deploymentReadPermission },
  audit: 'no-effect',
  action: {
    name: 'rollback-targets',
    title: 'What would a rollback put back?',
    description:
      'Says which deployment a rollback of a service in an environment would put back if nobody says which, what it would take the place of, and which earlier ones can be put back instead, with their ids for the action "rollback". Nothing is changed.',
  },
});
