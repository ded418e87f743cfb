import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { deploymentSchema, stepSchema } from './deployment';
import {
  deploymentCreatePermission,
  deploymentReadPermission,
} from './permissions';

const plugin = 'deployments';
const service = z
  .string()
  .min(1)
  .max(300)
  .describe('Reference of a service, such as component:default/cart');

/** A tag of a service's image. */
export const versionSchema = z.object({
  version: z.string(),
  digest: z.string().optional(),
  /** When the image was made, as it says itself */
  createdAt: z.string().optional(),
  /** That it was built from, as it says itself */
  commit: z.string().optional(),
  /** Environments in which it was last deployed well */
  runsIn: z.array(z.string()),
});
export type Version = z.infer<typeof versionSchema>;

export const commitSchema = z.object({
  commit: z.string(),
  subject: z.string(),
  author: z.string(),
  at: z.string(),
  /** Page at the Git host */
  url: z.string().optional(),
});
export type Commit = z.infer<typeof commitSchema>;

/** What is known of the difference to what runs, or why it is not. */
const commitsSchema = z.discriminatedUnion('known', [
  z.object({
    known: z.literal(true),
    /** What the version has and what runs has not; newest first */
    added: z.array(commitSchema),
    /** What runs has and the version has not: it goes back */
    removed: z.array(commitSchema),
    /** There are more than are listed */
    more: z.boolean(),
  }),
  z.object({ known: z.literal(false), why: z.string() }),
]);
export type CommitDifference = z.infer<typeof commitsSchema>;

const manifestsSchema = z.discriminatedUnion('known', [
  z.object({
    known: z.literal(true),
    /** As of `diff -u`; empty where they are the same */
    diff: z.string(),
  }),
  z.object({ known: z.literal(false), why: z.string() }),
]);
export type ManifestDifference = z.infer<typeof manifestsSchema>;

export const previewSchema = z.object({
  /** Whether all checks hold */
  ok: z.boolean(),
  /** What would be deployed; empty where a portal of an earlier version does not say it */
  version: z.string().default(''),
  summary: z.string(),
  checks: z.array(
    stepSchema.pick({ name: true, state: true, summary: true, evidence: true }),
  ),
  /** What runs there now */
  running: deploymentSchema.optional(),
  digest: z.string().optional(),
  commit: z.string().optional(),
  commits: commitsSchema,
  manifests: manifestsSchema,
});
export type Preview = z.infer<typeof previewSchema>;

/** What a dry run of a deployment tells while it goes on, the last of it being its outcome or why there is none. */
export const previewNewsSchema = z.union([
  /** One that has begun, or ended */
  z.object({ check: previewSchema.shape.checks.element }),
  z.object({ preview: previewSchema }),
  z.object({ error: z.object({ name: z.string(), message: z.string() }) }),
]);
export type PreviewNews = z.infer<typeof previewNewsSchema>;

const previewInput = z.object({
  service,
  environment: z.string().min(1).max(63),
  version: z
    .string()
    .regex(
      /^\w[\w.-]{0,127}$/,
      'a version is the tag of an image: letters, digits, ".", "_" and "-"',
    )
    .optional()
    .describe('Image tag, such as 1.4.2, unless it is promoted'),
  from: z
    .string()
    .min(1)
    .max(63)
    .optional()
    .describe(
      'In place of a version: the environment whose image would be promoted, by its digest',
    ),
});

export const versionOperations = {
  versions: defineOperation({
    plugin,
    name: 'versions',
    summary: 'see which versions of a service there are',
    http: { method: 'GET', path: '/v1/versions' },
    input: z.object({
      service,
      limit: z.number().int().min(1).max(100).default(20),
    }),
    output: z.object({
      image: z.string(),
      /** Newest first, as far as that is known */
      items: z.array(versionSchema),
      more: z.boolean(),
      /** Why the registry cannot be read, with what to do; what runs somewhere is listed all the same */
      problem: z.string().optional(),
    }),
    access: { permission: deploymentReadPermission },
    audit: 'no-effect',
    action: {
      name: 'versions',
      title: 'Which versions of a service are there?',
      description:
        'Lists the tags of a service’s image with the commit, age and digest of each, and where they run.',
    },
  }),
  preview: defineOperation({
    plugin,
    name: 'preview',
    summary: 'see what deploying a version of a service would change',
    http: { method: 'GET', path: '/v1/preview' },
    input: previewInput,
    output: z.object({ preview: previewSchema }),
    access: { permission: deploymentCreatePermission },
    audit: 'no-effect',
    target: input => ({
      service: input.service,
      environment: input.environment,
    }),
    action: {
      name: 'preview',
      title: 'What would deploying a version change?',
      description:
        'Checks a version of a service, or what runs in another environment, for an environment as deploying or promoting it would, and says what differs from what runs there: commits and manifests. Changes nothing.',
    },
  }),
  /** The same, told check by check. */
  previewSteps: defineOperation({
    plugin,
    name: 'preview-steps',
    summary:
      'see what deploying a version of a service would change, check by check',
    http: {
      method: 'GET',
      path: '/v1/preview-steps',
      streams: 'application/x-ndjson; charset=utf-8',
      live: true,
    },
    input: previewInput,
    /** Lines of {@link previewNewsSchema} */
    output: z.string(),
    access: { permission: deploymentCreatePermission },
    audit: 'no-effect',
    target: input => ({
      service: input.service,
      environment: input.environment,
    }),
  }),
};
