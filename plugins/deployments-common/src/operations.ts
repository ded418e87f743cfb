import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { board } from './board';
import {
  activeStates,
  deploymentDetailSchema,
  deploymentSchema,
  states,
  steerings,
} from './deployment';
import { diagnose, pods } from './diagnose';
import { driftSchema } from './drift';
import { readinessSchema } from './readiness';
import { standingEnvironmentSchema } from './environment';
import {
  deploymentApprovePermission,
  deploymentCreatePermission,
  deploymentReadPermission,
  deploymentRollbackPermission,
} from './permissions';
import { deviationOperations } from './deviationOperations';
import { feedItemSchema } from './feed';
import { rollbackTargets } from './rollbackTargets';
import { secretNeeds, secretReferences } from './secretReferences';
import { versionOperations } from './versions';

const plugin = 'deployments';
const service = z
  .string()
  .min(1)
  .max(300)
  .describe('Reference of a service, such as component:default/cart');
const environment = z.string().min(1).max(63);
const version = z
  .string()
  .regex(
    /^\w[\w.-]{0,127}$/,
    'a version is the tag of an image: letters, digits, ".", "_" and "-"',
  )
  .describe('Image tag, such as 1.4.2');
const reason = z.string().max(1000).optional().describe('Why, for the record');
const again = z
  .boolean()
  .default(false)
  .describe('Apply it even if exactly that is there already');
const takeOver = z
  .boolean()
  .default(false)
  .describe(
    'Take fields of the manifests that somebody else manages now, such as those changed by hand, rather than be refused; which ones stands in the evidence',
  );
const id = z.string().uuid('the id of a deployment is a UUID');
/** For the numbers of delivery, which count it. */
const repair = {
  fixes: id
    .optional()
    .describe(
      'Id of an earlier deployment of the service there that it repairs',
    ),
  unplanned: z
    .boolean()
    .optional()
    .describe('It repairs something that users met, and was not planned'),
};
const ofOne = z.object({ id });
const about = (input: { service: string; environment: string }) => ({
  service: input.service,
  environment: input.environment,
});

export const deploymentOperations = {
  environments: defineOperation({
    plugin,
    name: 'environments',
    summary: 'see where services can run',
    http: { method: 'GET', path: '/v1/environments' },
    input: z.object({}),
    output: z.object({ items: z.array(standingEnvironmentSchema) }),
    access: { permission: deploymentReadPermission, filtered: true },
    audit: 'no-effect',
  }),
  deploy: defineOperation({
    plugin,
    name: 'deploy',
    summary: 'deploy a version of a service',
    http: { method: 'POST', path: '/v1/deployments' },
    input: z.object({
      service,
      environment,
      version,
      reason,
      supersede: z
        .boolean()
        .default(false)
        .describe('Take the place of a deployment that is under way there'),
      again,
      takeOver,
      ...repair,
    }),
    output: z.object({ deployment: deploymentSchema }),
    access: { permission: deploymentCreatePermission },
    audit: { event: 'deploy', severity: 'by-environment' },
    target: about,
    action: {
      name: 'deploy',
      title: 'Deploy a version of a service',
      description:
        'Brings an image of a service to an environment: checks the image and the manifests, applies them, watches until the new pods are ready, and puts the last good version back if they do not become so. Answers at once with the deployment’s id.',
      destructive: true,
    },
  }),
  promote: defineOperation({
    plugin,
    name: 'promote',
    summary: 'take what runs in one environment to another',
    http: { method: 'POST', path: '/v1/promotions' },
    input: z.object({
      service,
      from: environment,
      environment: environment.describe('Where to'),
      reason,
      supersede: z.boolean().default(false),
      again,
      takeOver,
      ...repair,
    }),
    output: z.object({ deployment: deploymentSchema }),
    access: { permission: deploymentCreatePermission },
    audit: { event: 'promote', severity: 'by-environment' },
    target: about,
    action: {
      name: 'promote',
      title: 'Take what runs in one environment to another',
      description:
        'Deploys to an environment exactly the image, by its digest, that was last deployed well to another.',
      destructive: true,
    },
  }),
  rollback: defineOperation({
    plugin,
    name: 'rollback',
    summary: 'put back an earlier version of a service',
    http: { method: 'POST', path: '/v1/rollbacks' },
    input: z.object({
      service,
      environment,
      to: id
        .optional()
        .describe(
          'Id of the deployment to put back. If left out, the good one before that was not rolled back; the last good one while another is under way or has failed',
        ),
      reason,
      takeOver: z
        .boolean()
        .default(true)
        .describe(
          'Take fields of the manifests that somebody else manages now. A rollback does, if it is not told otherwise',
        ),
    }),
    output: z.object({ deployment: deploymentSchema }),
    access: { permission: deploymentRollbackPermission },
    audit: { event: 'rollback', severity: 'by-environment' },
    target: about,
    action: {
      name: 'rollback',
      title: 'Put back an earlier version of a service',
      description:
        'Applies again what an earlier deployment applied there, from what was kept of it: neither the Git host nor a build is needed. It takes the place of a deployment that is under way.',
      destructive: true,
    },
  }),
  rollbackTargets,
  get: defineOperation({
    plugin,
    name: 'get',
    summary: 'see a deployment',
    http: { method: 'GET', path: '/v1/deployments/:id' },
    input: ofOne.extend({
      after: z
        .number()
        .int()
        .optional()
        .describe('Waits, half a minute at most, for a revision beyond this'),
    }),
    output: z.object({ deployment: deploymentDetailSchema }),
    access: { permission: deploymentReadPermission },
    audit: 'no-effect',
    action: {
      name: 'deployment',
      title: 'How is a deployment doing?',
      description:
        'Tells how one deployment stands or ended and why: its state, the steps with their evidence, how many pods are ready and how much of the traffic they get. With the revision of the last answer as "after" it answers when something has changed; ask until the state is succeeded, failed, cancelled or superseded.',
    },
  }),
  list: defineOperation({
    plugin,
    name: 'list',
    summary: 'list deployments',
    http: { method: 'GET', path: '/v1/deployments' },
    input: z.object({
      service: service.optional(),
      environment: environment.optional(),
      state: z.array(z.enum(states)).optional(),
      before: z.string().optional().describe('"next" of the last answer'),
      limit: z.number().int().min(1).max(200).default(50),
    }),
    output: z.object({
      /** Newest first */
      items: z.array(deploymentSchema),
      next: z.string().optional(),
    }),
    access: { permission: deploymentReadPermission, filtered: true },
    audit: 'no-effect',
    action: {
      name: 'deployments',
      title: 'What was deployed where, and when?',
      description:
        'Lists deployments with their ids, newest first: of one service, in one environment, in some states. Rollbacks and those that go on are among them. What runs now is the action "status".',
      examples: [
        {
          title: 'What goes on in production',
          input: {
            environment: 'production',
            state: [...activeStates],
          },
        },
      ],
    },
  }),
  status: defineOperation({
    plugin,
    name: 'status',
    summary: 'see what runs where',
    http: { method: 'GET', path: '/v1/status' },
    input: z.object({
      service: z.array(service).max(200).optional(),
      environment: environment.optional(),
      only: z
        .enum(['unready', 'amiss'])
        .optional()
        .describe(
          'Only where pods are missing (unready); where they are or it was changed by hand (amiss)',
        ),
      brief: z
        .boolean()
        .default(false)
        .describe(
          'Without digests, commits, progress and reasons: enough for a table of thousands',
        ),
    }),
    output: z.object({
      /** Environments of which it is not known how many pods are ready now, and why; left out where there are none */
      unwatched: z
        .array(z.object({ environment: z.string(), problem: z.string() }))
        .optional(),
      items: z.array(
        z.object({
          service: z.string(),
          environment: z.string(),
          /** What was last deployed well there */
          running: deploymentSchema.optional(),
          /** What was last tried there, where that is something else */
          latest: deploymentSchema.optional(),
          /** How its pods are now, old and new ones; left out where that is not known, and where it has none */
          pods: readinessSchema.optional(),
          /** Whether the cluster still has what runs; left out where nobody has looked since it was deployed */
          drift: driftSchema.optional(),
          /** What failed there, where what runs was put back for it */
          undone: deploymentSchema.optional(),
        }),
      ),
    }),
    access: { permission: deploymentReadPermission, filtered: true },
    audit: 'no-effect',
    action: {
      name: 'status',
      title: 'What runs where?',
      description:
        'Says which version of a service runs in which environment, since when, and what is being deployed or has failed there.',
    },
  }),
  board,
  diagnose,
  pods,
  cancel: defineOperation({
    plugin,
    name: 'cancel',
    summary: 'stop a deployment',
    http: { method: 'POST', path: '/v1/deployments/:id/cancel' },
    input: ofOne.extend({ reason }),
    output: z.object({ deployment: deploymentSchema }),
    access: { permission: deploymentRollbackPermission },
    audit: { event: 'cancel', severity: 'by-environment' },
    action: {
      name: 'cancel-deployment',
      title: 'Stop a deployment',
      description:
        'Stops a deployment that goes on. Where something of it was applied already, what ran before is put back.',
      destructive: true,
    },
  }),
  approve: defineOperation({
    plugin,
    name: 'approve',
    summary: 'approve a deployment that somebody else asked for',
    http: { method: 'POST', path: '/v1/deployments/:id/approve' },
    input: ofOne.extend({ reason }),
    output: z.object({ deployment: deploymentSchema }),
    access: { permission: deploymentApprovePermission },
    audit: { event: 'approve', severity: 'by-environment' },
    action: {
      name: 'approve-deployment',
      title: 'Approve a deployment that somebody else asked for',
      description:
        'Lets a deployment go on that waits for a second person, who stands in the records for it. Only for that person’s own decision; a machine’s token may not, and nobody for what they asked for themselves.',
      destructive: true,
    },
  }),
  steer: defineOperation({
    plugin,
    name: 'steer',
    summary: 'pause, go on with, or abort the shifting of traffic',
    http: { method: 'POST', path: '/v1/deployments/:id/steer' },
    input: ofOne.extend({
      action: z
        .enum(steerings)
        .describe(
          'promote ends a pause; skip leaves out a step; promote-full gives the new version all the traffic at once, without the steps that are left',
        ),
      step: z
        .number()
        .int()
        .positive()
        .optional()
        .describe(
          'Of a canary, the step that you saw it at (progress.step), counted from 1: refused where it is at another by now. Abort holds all the same. Whichever it is at, if left out',
        ),
      reason,
    }),
    output: z.object({ deployment: deploymentSchema }),
    access: { permission: deploymentCreatePermission },
    audit: { event: 'steer', severity: 'by-environment' },
    action: {
      name: 'steer-deployment',
      title: 'Pause, go on with, or abort the shifting of traffic',
      description:
        'Steers a canary or blue-green deployment that is shifting traffic. Pausing holds it where it is, aborting gives all the traffic back to what ran before. Answers as soon as that is asked for: at once, or when what was asked for before is done, ten seconds later at most. Ask for the deployment to see what came of it.',
      examples: [
        {
          title: 'Hold it where it is',
          input: {
            id: '01932c07-5b1f-7c3e-8a55-0123456789ab',
            action: 'pause',
            reason: 'The error rate looks odd',
          },
        },
      ],
      destructive: true,
    },
  }),
  manifests: defineOperation({
    plugin,
    name: 'manifests',
    summary: 'see what a deployment applied',
    http: { method: 'GET', path: '/v1/deployments/:id/manifests' },
    input: ofOne,
    output: z.object({ digest: z.string(), text: z.string() }),
    access: { permission: deploymentReadPermission },
    audit: 'no-effect',
    action: {
      name: 'deployment-manifests',
      title: 'What did a deployment apply?',
      description:
        'Gives the manifests that a deployment rendered and applied, as YAML, with their digest.',
    },
  }),
  secretReferences,
  secretNeeds,
  events: defineOperation({
    plugin,
    name: 'events',
    summary: 'follow what happens to deployments',
    http: { method: 'GET', path: '/v1/events' },
    input: z.object({
      after: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    output: z.object({
      /** Oldest first; nothing is ever left out */
      items: z.array(feedItemSchema),
      next: z.number(),
    }),
    access: { permission: deploymentReadPermission, filtered: true },
    audit: 'no-effect',
  }),
  ...deviationOperations,
  ...versionOperations,
};
