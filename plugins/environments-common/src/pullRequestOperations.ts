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

/** How many open pull requests are listed at most, the newest first. */
export const MOST_PULL_REQUESTS = 100;

/** One of a service’s repository, as people choose among them. */
export const openPullRequestSchema = z.object({
  number: z.number().int(),
  title: z.string(),
  /** Its page at the Git host */
  url: z.string(),
  branch: z.string(),
  author: z.string(),
  /** It comes from somebody else's copy of the repository */
  fork: z.boolean(),
  /** ISO 8601; later after a commit or a comment */
  updatedAt: z.string(),
  /** Name of the environment that it has or would have */
  environment: z.string(),
});
export type OpenPullRequest = z.infer<typeof openPullRequestSchema>;

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

/** Environments of pull requests, for whoever chooses one or has its address. */
export const pullRequestOperations = {
  openPullRequests: defineOperation({
    plugin,
    name: 'open-pull-requests',
    summary: 'list the open pull requests of a service’s repository',
    http: { method: 'GET', path: '/v1/pull-requests' },
    input: z.object({
      service: z
        .string()
        .min(1)
        .max(300)
        .describe('Reference of the service, such as component:default/cart'),
    }),
    output: z.object({
      /** `owner/name` at its host */
      repository: z.string(),
      /** The newest first */
      items: z.array(openPullRequestSchema).max(MOST_PULL_REQUESTS),
      /** How many there are besides these */
      more: z.number().int(),
    }),
    access: { permission: environmentCreatePermission },
    audit: 'no-effect',
    action: {
      name: 'open-pull-requests',
      title: 'Which pull requests of a service are open?',
      description:
        'Lists the open pull requests of a service’s repository with number, title, branch, author and address. An address can be given to bring-pull-request-environment.',
    },
  }),
  previewPullRequest: defineOperation({
    plugin,
    name: 'preview-pull-request',
    summary: 'see which environment a pull request would get',
    http: { method: 'GET', path: '/v1/pull-request' },
    input: ofPullRequest,
    output: pullRequestPreviewSchema,
    access: { permission: environmentCreatePermission },
    audit: 'no-effect',
    action: {
      name: 'preview-pull-request-environment',
      title: 'Which environment would a pull request get?',
      description:
        'Shows what bring-pull-request-environment would make of a pull request: the manifest with everything filled in, whose it would be, what is wrong with it or in the way, and what is there already. Makes nothing.',
    },
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
