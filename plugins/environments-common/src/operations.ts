import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { durationSchema } from './duration';
import {
  environmentDetailSchema,
  environmentEventSchema,
  environmentSchema,
  lentSecretsSchema,
  logLineSchema,
  orphanDatabasesSchema,
  orphanSchema,
  standingPlaceSchema,
} from './environment';
import { manifestProblemSchema, MOST_MANIFEST_BYTES } from './parseManifest';
import {
  environmentCreatePermission,
  environmentDeletePermission,
  environmentKeepPermission,
  environmentOperatePermission,
  environmentProvidePermission,
  environmentReadPermission,
  environmentRemoveOrphanPermission,
} from './permissions';
import { pullRequestOperations } from './pullRequestOperations';
import { phases } from './status';

const plugin = 'environments';
/** As many as one import of secrets takes. */
const MOST_CHANGED = 200;
const name = z.string().min(1).max(63);
const home = z
  .string()
  .min(1)
  .max(63)
  .optional()
  .describe(
    'Namespace in which its resource is kept; needed only where several have that name',
  );
const ofOne = z.object({ name, home });
const reason = z.string().max(1000).optional().describe('Why, for the record');
const manifest = z
  .string()
  .min(1)
  .max(MOST_MANIFEST_BYTES)
  .describe('An Environment, as YAML or JSON');

export const environmentOperations = {
  ...pullRequestOperations,
  list: defineOperation({
    plugin,
    name: 'list',
    summary: 'list environments',
    http: { method: 'GET', path: '/v1/environments' },
    input: z.object({
      owner: z.string().max(300).optional(),
      phase: z.array(z.enum(phases)).optional(),
      service: z
        .string()
        .max(300)
        .optional()
        .describe('Name of a service that is in it'),
      repository: z
        .array(z.string().min(1).max(2000))
        .max(5)
        .optional()
        .describe(
          'Address of a repository, or of something in it: only those of its pull requests',
        ),
      before: z
        .string()
        .max(100)
        .optional()
        .describe('"next" of the last answer'),
      limit: z
        .number()
        .int()
        .min(1)
        .max(200)
        .optional()
        .describe('How many at most; all if left out'),
    }),
    output: z.object({
      /** Newest first */
      items: z.array(environmentSchema),
      /** Where there are more than were asked for */
      next: z.string().optional(),
      /** Those that stay, in the order of the configuration */
      standing: z.array(standingPlaceSchema),
      /** What is missing so that there can be some on demand, in words; nothing where all is well */
      notConnected: z.string().optional(),
    }),
    access: { permission: environmentReadPermission, filtered: true },
    audit: 'no-effect',
    action: {
      name: 'environments',
      title: 'Which environments are there?',
      description:
        'Lists the preview environments with their state, owner, pull request, addresses and time left, of an owner, in a state, with a service or of a repository’s pull requests where that is asked for, and names the standing ones. With "next" of the answer as "before", it goes on where it stopped.',
    },
  }),
  get: defineOperation({
    plugin,
    name: 'get',
    summary: 'see an environment',
    http: { method: 'GET', path: '/v1/environments/:name' },
    input: ofOne.extend({
      after: z
        .string()
        .max(100)
        .optional()
        .describe(
          'Waits, half a minute at most, until its resourceVersion is another than this',
        ),
    }),
    output: z.object({ environment: environmentDetailSchema }),
    access: { permission: environmentReadPermission },
    audit: 'no-effect',
    action: {
      name: 'environment',
      title: 'How is a preview environment doing?',
      description:
        'Tells an environment’s state and why, with its services, databases, addresses, conditions, time left and manifest.',
    },
  }),
  validate: defineOperation({
    plugin,
    name: 'validate',
    summary: 'check the manifest of an environment',
    http: { method: 'POST', path: '/v1/manifest-check' },
    input: z.object({ manifest: z.string().max(MOST_MANIFEST_BYTES) }),
    output: z.object({ problems: z.array(manifestProblemSchema) }),
    access: 'signed-in',
    audit: 'no-effect',
    action: {
      name: 'check-environment-manifest',
      title: 'Is the manifest of an environment valid?',
      description:
        'Lists what is wrong with a manifest of an environment, by line and field, with what to write. Makes nothing.',
    },
  }),
  create: defineOperation({
    plugin,
    name: 'create',
    summary: 'create or change an environment',
    http: { method: 'POST', path: '/v1/environments' },
    input: z.object({
      manifest,
      owner: z
        .string()
        .max(300)
        .optional()
        .describe(
          'Group that owns it, where the manifest does not say; yours if you are in one only',
        ),
      reason,
    }),
    output: z.object({
      outcome: z.enum(['created', 'changed', 'unchanged']),
      environment: environmentDetailSchema,
    }),
    access: { permission: environmentCreatePermission },
    audit: { event: 'create', severity: 'medium' },
    action: {
      name: 'create-environment',
      title: 'Create a preview environment',
      description:
        'Makes an environment from a manifest (apiVersion platform.myorg.com/v1, kind Environment): a namespace of its own with the services and seeded databases that it names, reachable until its time is up. Doing it again with a changed manifest changes it in place. Answers at once; ask for the environment until its phase is ready.',
      idempotent: true,
    },
  }),
  extend: defineOperation({
    plugin,
    name: 'extend',
    summary: 'have an environment stay longer',
    http: { method: 'POST', path: '/v1/environments/:name/extend' },
    input: ofOne.extend({
      by: durationSchema.describe(
        'How much longer than it would stay, such as 3d',
      ),
      reason,
    }),
    output: z.object({ environment: environmentDetailSchema }),
    access: { permission: environmentOperatePermission },
    audit: { event: 'extend', severity: 'medium' },
    action: {
      name: 'extend-environment',
      title: 'Have a preview environment stay longer',
      description: 'Moves the end of a preview environment by a duration.',
    },
  }),
  keep: defineOperation({
    plugin,
    name: 'keep',
    summary: 'have an environment stay until somebody ends it',
    http: { method: 'POST', path: '/v1/environments/:name/keep' },
    input: ofOne.extend({
      keep: z
        .boolean()
        .default(true)
        .describe(
          'Whether it stays; false has its time to live count again, and leaves it at least a while',
        ),
      reason,
    }),
    output: z.object({ environment: environmentDetailSchema }),
    access: { permission: environmentKeepPermission },
    audit: { event: 'keep', severity: 'medium' },
    action: {
      name: 'keep-environment',
      title: 'Have a preview environment stay until somebody ends it',
      description:
        'Has a preview environment stay without an end, or its time to live count again. One whose time would be up by then stays as long as others are warned before their end; the answer says until when.',
      idempotent: true,
    },
  }),
  delete: defineOperation({
    plugin,
    name: 'delete',
    summary: 'end an environment',
    http: { method: 'DELETE', path: '/v1/environments/:name' },
    input: ofOne.extend({ reason }),
    output: z.object({
      /** What is taken away with it */
      namespace: z.string().optional(),
      databases: z.array(z.string()),
    }),
    access: { permission: environmentDeletePermission },
    audit: { event: 'delete', severity: 'medium' },
    action: {
      name: 'delete-environment',
      title: 'End a preview environment',
      description:
        'Removes a preview environment with its namespace and its databases. What was in them is gone.',
      destructive: true,
      idempotent: true,
    },
  }),
  logs: defineOperation({
    plugin,
    name: 'logs',
    summary: 'read what the services of an environment log',
    http: { method: 'GET', path: '/v1/environments/:name/logs' },
    input: ofOne.extend({
      service: z.string().max(63).optional(),
      lines: z
        .number()
        .int()
        .min(1)
        .max(5000)
        .default(200)
        .describe('Of each pod, the newest'),
    }),
    output: z.object({
      items: z.array(logLineSchema),
      /** Pods whose log can't be read, and why */
      unread: z.array(z.object({ pod: z.string(), message: z.string() })),
    }),
    access: { permission: environmentReadPermission },
    audit: 'no-effect',
    action: {
      name: 'environment-logs',
      title: 'What do the services of a preview environment log?',
      description:
        'Reads the newest lines that the services of a preview environment logged, of one service or of all.',
    },
  }),
  events: defineOperation({
    plugin,
    name: 'events',
    summary: 'see what happened in an environment',
    http: { method: 'GET', path: '/v1/environments/:name/events' },
    input: ofOne,
    output: z.object({
      /** Newest first */
      items: z.array(environmentEventSchema),
    }),
    access: { permission: environmentReadPermission },
    audit: 'no-effect',
    action: {
      name: 'environment-events',
      title: 'What happened in a preview environment?',
      description:
        'Lists what the cluster tells of a preview environment’s objects, such as pods that could not be started, the newest first.',
    },
  }),
  orphans: defineOperation({
    plugin,
    name: 'orphans',
    summary: 'see what is left of environments that are gone',
    http: { method: 'GET', path: '/v1/orphans' },
    input: z.object({}),
    output: z.object({
      /** Namespaces, oldest first */
      items: z.array(orphanSchema),
      databases: z.array(orphanDatabasesSchema),
      /** Why databases of some drivers are not looked at, in words */
      problems: z.array(z.string()),
    }),
    access: { permission: environmentReadPermission, filtered: true },
    audit: 'no-effect',
    action: {
      name: 'environment-leftovers',
      title: 'What is left of environments that are gone?',
      description:
        'Lists namespaces and databases of preview environments whose resource is gone, so that nothing takes them away, and whether they can be removed here.',
    },
  }),
  removeOrphan: defineOperation({
    plugin,
    name: 'remove-orphan',
    summary: 'remove what is left of an environment that is gone',
    http: { method: 'DELETE', path: '/v1/orphans/:namespace' },
    input: z.object({ namespace: z.string().min(1).max(63), reason }),
    output: z.object({ namespace: z.string() }),
    access: { permission: environmentRemoveOrphanPermission },
    audit: { event: 'remove-orphan', severity: 'high' },
    action: {
      name: 'remove-environment-leftover',
      title: 'Remove what is left of an environment that is gone',
      description:
        'Removes such a namespace with all that is in it, and the databases of its environment; only where the cluster says that this platform made it.',
      destructive: true,
      idempotent: true,
    },
  }),
  removeOrphanDatabases: defineOperation({
    plugin,
    name: 'remove-orphan-databases',
    summary: 'remove the databases of an environment that is gone',
    http: { method: 'DELETE', path: '/v1/orphan-databases/:environmentUid' },
    input: z.object({ environmentUid: z.string().uuid(), reason }),
    output: z.object({ names: z.array(z.string()) }),
    access: { permission: environmentRemoveOrphanPermission },
    audit: { event: 'remove-orphan-databases', severity: 'high' },
    action: {
      name: 'remove-environment-leftover-databases',
      title: 'Remove the databases of an environment that is gone',
      description:
        'Removes databases and roles of a preview environment of which nothing is in the cluster any more; only where they say that they are of this cluster.',
      destructive: true,
      idempotent: true,
    },
  }),
  provideDatabases: defineOperation({
    plugin,
    name: 'provide-databases',
    summary: 'have the databases of a service made where it stands',
    http: { method: 'POST', path: '/v1/standing-databases' },
    input: z.object({
      service: z.string().min(1).max(300),
      environment: z.string().min(1).max(63),
      dryRun: z
        .boolean()
        .default(false)
        .describe('Only says what would be made'),
    }),
    output: z.object({
      databases: z.array(
        z.object({
          /** Reference of the resource in the catalog */
          resource: z.string(),
          /** Key of the secret that holds its address */
          key: z.string(),
          /** `there`: the service had that secret before */
          outcome: z.enum(['made', 'would-be-made', 'there']),
        }),
      ),
      /** What the platform does not make, and why, in words */
      left: z.array(z.string()),
    }),
    access: { permission: environmentProvidePermission },
    plugins: ['deployments'],
    audit: { event: 'provide-databases', severity: 'by-environment' },
    target: ({ service, environment }) => ({ service, environment }),
  }),
  followSecrets: defineOperation({
    plugin,
    name: 'follow-secrets',
    summary: 'have environments on demand take secrets that have changed',
    http: { method: 'POST', path: '/v1/changed-secrets' },
    input: z.object({
      service: z.string().min(1).max(300),
      environment: z
        .string()
        .min(1)
        .max(63)
        .describe('The standing environment whose secrets changed'),
      keys: z.array(z.string().min(1).max(128)).min(1).max(MOST_CHANGED),
      deleted: z
        .array(z.string().min(1).max(128))
        .max(MOST_CHANGED)
        .default([])
        .describe('Those of the keys that have no value any more'),
    }),
    output: z.object({
      /** Environments that were lent one of these, or ask for one */
      items: z.array(lentSecretsSchema),
    }),
    access: { permission: environmentProvidePermission },
    plugins: ['secrets'],
    audit: { event: 'follow-secrets', severity: 'medium' },
    target: ({ service, environment, keys }) => ({
      ...{ service, environment, detail: { keys } },
    }),
  }),
  lentSecrets: defineOperation({
    plugin,
    name: 'lent-secrets',
    summary: 'see which secrets of a service environments on demand are given',
    http: { method: 'GET', path: '/v1/lent-secrets' },
    input: z.object({
      service: z.string().min(1).max(300),
      environment: z
        .string()
        .min(1)
        .max(63)
        .describe('The standing environment whose secrets they are'),
    }),
    output: z.object({
      items: z.array(
        z.object({
          /** Name of the environment on demand */
          environment: z.string(),
          keys: z.array(z.string()),
        }),
      ),
    }),
    access: { permission: environmentProvidePermission },
    plugins: ['secrets'],
    // It changes nothing, says nothing of a value, and plugins alone are answered.
    audit: 'no-effect',
    target: ({ service, environment }) => ({ service, environment }),
  }),
};
