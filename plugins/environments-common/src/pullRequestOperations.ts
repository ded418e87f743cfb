import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { environmentDetailSchema, environmentSchema } from './environment';
import { manifestProblemSchema } from './parseManifest';
import { environmentCreatePermission } from './permissions';

const plugin = 'environments';
const ofPullRequest = z.object({
  url: z
    .string()
    .min(1)
    .max(500)
    .describe('Address of the pull request’s page at its Git host'),
  service: z
    .string()
    .max(300)
    .optional()
    .describe(
      'Reference of a service in that repository, whose owner is asked for; found by the address if left out',
    ),
});

/** What a pull request’s environment would be, and what stands in its way. */
export const pullRequestPreviewSchema = z.object({
  pullRequest: z.object({
    title: z.string(),
    url: z.string(),
    branch: z.string(),
    author: z.string(),
    fork: z.boolean(),
  }),
  /** Of its environment, there or not */
  name: z.string(),
  /** That it would be made from */
  commit: z.string().optional(),
  /** As YAML, with all that the platform fills in; nothing where it cannot be had */
  manifest: z.string().optional(),
  owner: z.string().optional(),
  /** What is wrong with the manifest that it carries */
  problems: z.array(manifestProblemSchema),
  /** Why there can be none besides, and what to do */
  obstacle: z.string().optional(),
  /** What is there already */
  environment: environmentSchema.optional(),
  /** Whether that is what would be made */
  upToDate: z.boolean(),
});
export type PullRequestPreview = z.infer<typeof pullRequestPreviewSchema>;

/** Environments of pull requests, for whoever has the address of one. */
export const pullRequestOperations = {
  previewPullRequest: defineOperation({
    plugin,
    name: 'preview-pull-request',
    summary: 'see which environment a pull request would get',
    http: { method: 'GET', path: '/v1/pull-request' },
    input: ofPullRequest,
    output: pullRequestPreviewSchema,
    access: { permission: environmentCreatePermission },
    audit: 'no-effect',
  }),
  bringPullRequest: defineOperation({
    plugin,
    name: 'bring-pull-request',
    summary:
      'have the environment of a pull request made or brought up to date',
    http: { method: 'POST', path: '/v1/pull-request' },
    input: ofPullRequest.extend({
      reason: z.string().max(1000).optional().describe('Why, for the record'),
    }),
    output: z.object({
      name: z.string(),
      /** Nothing where it is not there yet; it is being seen to */
      environment: environmentDetailSchema.optional(),
    }),
    access: { permission: environmentCreatePermission },
    audit: { event: 'bring-pull-request', severity: 'medium' },
    action: {
      name: 'bring-pull-request-environment',
      title: 'Have the environment of a pull request made',
      description:
        'Has the platform look at a pull request at once, by its address, and make the environment that its platform/environments/preview.yaml asks for, or bring it up to date; also one that had ended. The rules for pull requests hold: one from a fork has to be approved in a comment there.',
      idempotent: true,
    },
  }),
};
