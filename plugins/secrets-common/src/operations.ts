import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { attentionSchema } from './attention';
import {
  secretCountPermission,
  secretReadPermission,
  secretRevealPermission,
  secretRevealProductionPermission,
  secretSetPermission,
} from './permissions';
import { generatorShape, rotationRuleShape, rotationSchema } from './rotation';
import {
  changeSchema,
  differenceSchema,
  lentKeySchema,
  secretSchema,
  secretVersionSchema,
  syncSchema,
  unseenSchema,
} from './secret';
import {
  encodings,
  keySchema,
  MOST_IMPORTED,
  oneOf,
  valueSchema,
} from './value';

const plugin = 'secrets';
const service = z
  .string()
  .min(1)
  .max(300)
  .describe('Reference of a service, such as component:default/cart');
const environment = z.string().min(1).max(63);
const version = z.number().int().min(1);
const encoding = oneOf(encodings).default('text');
const ifVersion = z
  .number()
  .int()
  .min(0)
  .optional()
  .describe(
    'Done only if the newest version is this one; 0 for a key that is not there yet',
  );
const ifVersions = z
  .record(z.number().int().min(0))
  .optional()
  .describe('The same for each environment, where several are meant');
const reason = z.string().max(1000).optional().describe('Why, for the record');
const requiredReason = z
  .string()
  .trim()
  .min(3, 'say why, in a few words: it is kept in the record')
  .max(1000);
const ofKey = z.object({ service, environment, key: keySchema });
const changed = z.object({
  changes: z.array(changeSchema),
  /** Where the Secrets stood when this was answered */
  sync: z.array(syncSchema),
  /** Environments of production that were left out, since they were not named */
  leftOut: z.array(z.string()).default([]),
});
const revealed = z.object({
  value: z.string(),
  encoding: z.enum(encodings),
  version: z.number().int(),
});
const compared = z.object({
  from: z.string(),
  to: z.string(),
  items: z.array(differenceSchema),
});
const comparing = z.object({
  ...{ service, from: environment, to: environment },
  kept: z
    .boolean()
    .default(false)
    .describe(
      'Only by the fingerprints that are kept with the keys: no value is read, and one that has none yet, such as what was written straight to Vault, is not comparable',
    ),
});
const critical = (event: string) => ({ event, severity: 'critical' } as const);

export const secretOperations = {
  status: defineOperation({
    plugin,
    name: 'status',
    summary: 'see whether there is a store for secrets, and how it is doing',
    http: { method: 'GET', path: '/v1/status' },
    input: z.object({}),
    output: z.object({
      state: z.enum([
        'ready',
        'not-connected',
        'sealed',
        'unreachable',
        'refused',
      ]),
      message: z.string(),
      /** What to do, and the page that says more */
      fix: z.string().optional(),
      runbook: z.string().optional(),
      /** What is not as it should be, though the store answers; in words. Of the platform's own roles its team alone is told what */
      warnings: z.array(z.string()).optional(),
      environments: z.array(
        z.object({ name: z.string(), production: z.boolean() }),
      ),
    }),
    access: 'signed-in',
    audit: 'no-effect',
    action: {
      name: 'status',
      title: 'How is the store for secrets doing?',
      description:
        'Says whether secrets can be kept now, what is not as it should be and what to do about it, and which environments there are.',
    },
  }),
  list: defineOperation({
    plugin,
    name: 'list',
    summary: 'see which secrets a service has where',
    http: { method: 'GET', path: '/v1/secrets' },
    input: z.object({ service, environment: environment.optional() }),
    output: z.object({
      environments: z.array(
        z.object({ name: z.string(), production: z.boolean() }),
      ),
      items: z.array(secretSchema),
      /** What is there besides, and Vault refuses to say anything of */
      unseen: z.array(unseenSchema).default([]),
      /** Keys that the platform makes where the service is deployed for the first time, such as addresses of databases */
      provided: z.array(z.string()).default([]),
      sync: z.array(syncSchema),
      /** Keys that environments on demand are given; not told to plugins */
      lent: z.array(lentKeySchema).optional(),
      /** Why it is not known which are; in words */
      lentUnknown: z.string().optional(),
    }),
    access: { permission: secretReadPermission },
    audit: critical('list'),
    action: {
      name: 'list',
      title: 'Which secrets does a service have?',
      description:
        'Lists the keys of a service in each environment, with their versions, who set them when, whether the cluster has them, and to which environments on demand they are lent; and which keys cannot be looked at, and why. Never a value.',
      idempotent: true,
    },
  }),
  attention: defineOperation({
    plugin,
    name: 'attention',
    summary: 'see which secrets of your services need somebody',
    http: { method: 'GET', path: '/v1/attention' },
    input: z.object({
      limit: z.number().int().min(1).max(200).default(50),
      from: z
        .number()
        .int()
        .min(0)
        .max(Number.MAX_SAFE_INTEGER)
        .default(0)
        .describe('Where to go on, as "next" of the answer before says'),
    }),
    output: z.object({
      /** Most urgent first */
      items: z.array(attentionSchema),
      /** Where to go on; nothing where these were the last */
      next: z.number().int().optional(),
      /** Why it is not known which keys are missing; in words */
      missingUnknown: z.string().optional(),
    }),
    access: {
      permission: secretReadPermission,
      filtered: services => ({
        rule: 'IS_OF_SERVICE',
        resourceType: 'catalog-entity',
        params: { services },
      }),
    },
    audit: critical('attention'),
    action: {
      name: 'attention',
      title: 'Which secrets need somebody?',
      description:
        'Lists, across all services that one may see, keys that programs lack, that are overdue or due to be replaced, that could not be, or that a cluster does not have yet. Most urgent first. Never a value.',
      idempotent: true,
    },
  }),
  get: defineOperation({
    plugin,
    name: 'get',
    summary: 'see since when a secret is what it is',
    http: { method: 'GET', path: '/v1/secrets/:environment/:key' },
    input: ofKey,
    output: z.object({ secret: secretSchema, sync: syncSchema.optional() }),
    access: { permission: secretReadPermission },
    audit: critical('get'),
    action: {
      name: 'get',
      title: 'Since when is a secret what it is?',
      description:
        'Says of one key in one environment which version is the newest, who set it when, and whether the cluster has it. Never its value.',
      idempotent: true,
    },
  }),
  history: defineOperation({
    plugin,
    name: 'history',
    summary: 'see who set a secret when',
    http: { method: 'GET', path: '/v1/secrets/:environment/:key/history' },
    input: ofKey,
    output: z.object({
      /** Newest first */
      items: z.array(secretVersionSchema),
      /** How many versions Vault keeps, where that is known; older ones are gone */
      keeps: z.number().int().optional(),
    }),
    access: { permission: secretReadPermission },
    audit: critical('history'),
    action: {
      name: 'history',
      title: 'Who set a secret when?',
      description:
        'Lists the versions of one key in one environment: who set, deleted and put back each when. Never a value.',
      idempotent: true,
    },
  }),
  set: defineOperation({
    plugin,
    name: 'set',
    summary: 'set a secret',
    http: { method: 'POST', path: '/v1/secrets' },
    input: z.object({
      service,
      environment: environment
        .optional()
        .describe('Every one that is not production, if left out'),
      key: keySchema,
      value: valueSchema,
      ...{ encoding, ifVersion, ifVersions, reason },
    }),
    output: changed,
    access: { permission: secretSetPermission },
    audit: critical('set'),
  }),
  provide: defineOperation({
    plugin,
    name: 'provide',
    summary: 'give a service a secret that it does not have yet',
    http: { method: 'POST', path: '/v1/provisions' },
    input: ofKey.extend({ value: valueSchema, reason }),
    output: z.object({
      /** Whether it was set; not where the key was ever set, also if it is deleted by now */
      provided: z.boolean(),
    }),
    access: { permission: secretSetPermission },
    plugins: ['environments'],
    audit: critical('provide'),
  }),
  importAll: defineOperation({
    plugin,
    name: 'import',
    summary: 'set several secrets at once',
    http: { method: 'POST', path: '/v1/imports' },
    input: z.object({
      service,
      environment: environment.optional(),
      entries: z
        .array(
          z.object({
            ...{ key: keySchema, value: valueSchema, encoding },
            ifVersions,
          }),
        )
        .min(1)
        .superRefine(({ length }, context) => {
          if (length <= MOST_IMPORTED) return;
          context.addIssue({
            code: z.ZodIssueCode.custom,
            message: `these are ${length} keys, and one import takes ${MOST_IMPORTED}; nothing was set. Import them in parts.`,
          });
        }),
      reason,
    }),
    output: changed,
    access: { permission: secretSetPermission },
    audit: critical('import'),
  }),
  reveal: defineOperation({
    plugin,
    name: 'reveal',
    summary: 'see the value of a secret outside of production',
    http: { method: 'POST', path: '/v1/reveals', noStore: true },
    input: ofKey.extend({
      reason: requiredReason,
      version: version.optional(),
    }),
    output: revealed,
    access: { permission: secretRevealPermission },
    audit: critical('reveal'),
  }),
  revealProduction: defineOperation({
    plugin,
    name: 'reveal-production',
    summary: 'see the value of a secret in production',
    http: { method: 'POST', path: '/v1/production-reveals', noStore: true },
    input: ofKey.extend({
      reason: requiredReason,
      version: version.optional(),
    }),
    output: revealed,
    access: { permission: secretRevealProductionPermission },
    audit: critical('reveal'),
  }),
  run: defineOperation({
    plugin,
    name: 'run',
    summary: 'give a program the secrets of a service outside of production',
    http: { method: 'POST', path: '/v1/runs', noStore: true },
    input: z.object({ service, environment, reason }),
    output: z.object({
      items: z.array(revealed.extend({ key: z.string() })),
      /** Keys that cannot be handed to it, and why: Vault refuses them, or they were written straight to it, in a shape that is not understood */
      leftOut: z
        .array(z.object({ key: z.string(), why: z.string() }))
        .default([]),
    }),
    access: { permission: secretRevealPermission },
    audit: critical('run'),
  }),
  newest: defineOperation({
    plugin,
    name: 'newest',
    summary: 'see whether secrets that were lent have changed',
    http: { method: 'GET', path: '/v1/newest' },
    input: z.object({ service, environment }),
    output: z.object({
      /** By key, as far as it is known without asking Vault */
      versions: z.record(z.number()),
    }),
    access: { permission: secretReadPermission },
    plugins: ['environments'],
    // It is asked again and again, says nothing of a value, and plugins alone are answered.
    audit: 'no-effect',
  }),
  lend: defineOperation({
    plugin,
    name: 'lend',
    summary: 'give secrets of a service to an environment on demand',
    http: { method: 'POST', path: '/v1/loans', noStore: true },
    input: z.object({
      ...{ service, environment },
      keys: z.array(keySchema).min(1).max(MOST_IMPORTED),
      to: z.string().min(1).max(63).describe('Name of the environment'),
    }),
    output: z.object({ items: z.array(revealed.extend({ key: keySchema })) }),
    access: { permission: secretRevealPermission },
    plugins: ['environments'],
    audit: critical('lend'),
  }),
  diff: defineOperation({
    plugin,
    name: 'diff',
    summary: 'compare secrets between two environments outside of production',
    http: { method: 'POST', path: '/v1/diffs', noStore: true },
    input: comparing,
    output: compared,
    access: { permission: secretRevealPermission },
    audit: critical('diff'),
    action: {
      name: 'diff',
      title: 'Where do secrets differ outside of production?',
      description:
        'Compares the keys of a service between two environments that are not production: the same, different or missing. Takes the right to see values, and shows none.',
      idempotent: true,
    },
  }),
  diffProduction: defineOperation({
    plugin,
    name: 'diff-production',
    summary: 'compare secrets with those of production',
    http: { method: 'POST', path: '/v1/production-diffs', noStore: true },
    input: comparing,
    output: compared,
    // What it says of either side is said to those only who may read both.
    access: {
      permission: secretRevealProductionPermission,
      also: [secretRevealPermission],
    },
    audit: critical('diff'),
    action: {
      name: 'diff-production',
      title: 'Where do secrets differ from those of production?',
      description:
        'Compares the keys of a service between an environment and one of production: the same, different or missing. Takes the right to see values of both, and shows none.',
      idempotent: true,
    },
  }),
  restore: defineOperation({
    plugin,
    name: 'restore',
    summary: 'put back an earlier value of a secret',
    http: { method: 'POST', path: '/v1/restores' },
    input: ofKey.extend({ version, ifVersion, reason }),
    output: changed,
    access: { permission: secretSetPermission },
    audit: critical('restore'),
    action: {
      name: 'restore',
      title: 'Put back an earlier value of a secret',
      description:
        'Writes an earlier version of a key again, as its newest, brings it to where the service runs, and restarts what uses it. "history" lists the versions. The value is not shown.',
      destructive: true,
    },
  }),
  delete: defineOperation({
    plugin,
    name: 'delete',
    summary: 'delete a secret, so that it can still be put back',
    http: { method: 'POST', path: '/v1/deletions' },
    input: ofKey.extend({ ifVersion, reason }),
    output: changed,
    access: { permission: secretSetPermission },
    audit: critical('delete'),
    action: {
      name: 'delete',
      title: 'Delete a secret',
      description:
        'Takes the newest value of a key away in one environment, from clusters too, so that "undelete" can put it back.',
      destructive: true,
    },
  }),
  undelete: defineOperation({
    plugin,
    name: 'undelete',
    summary: 'put back a secret that was deleted',
    http: { method: 'POST', path: '/v1/undeletions' },
    input: ofKey.extend({ reason }),
    output: changed,
    access: { permission: secretSetPermission },
    audit: critical('undelete'),
    action: {
      name: 'undelete',
      title: 'Put back a deleted secret',
      description:
        'Puts back the newest value of a key that was deleted, and brings it to where the service runs. The value is not shown.',
    },
  }),
  rotate: defineOperation({
    plugin,
    name: 'rotate',
    summary: 'replace a secret by a value that nobody sees',
    http: { method: 'POST', path: '/v1/rotations/now' },
    input: ofKey.extend({ ...generatorShape, ifVersion, reason }),
    output: changed,
    access: { permission: secretSetPermission },
    audit: critical('rotate'),
    action: {
      name: 'rotate',
      title: 'Replace a secret by a new value',
      description:
        'Makes a new value for a key of a service in one environment, brings it to where the service runs, and restarts what uses it. The value is shown to nobody. It is made by the generator that the key’s rotation names; a key without a rotation gets a random value, which is only for what nothing else has to know.',
      destructive: true,
    },
  }),
  setRotation: defineOperation({
    plugin,
    name: 'set-rotation',
    summary: 'have a secret replaced by itself every so often',
    http: { method: 'POST', path: '/v1/rotations' },
    input: ofKey.extend({ ...generatorShape, ...rotationRuleShape, reason }),
    output: z.object({
      rotation: rotationSchema,
      /** What is to be known of it, in words */
      warnings: z.array(z.string()).optional(),
    }),
    access: { permission: secretSetPermission },
    audit: critical('set-rotation'),
    action: {
      name: 'set-rotation',
      title: 'Have a secret replaced every so often',
      description:
        'Has a key of a service in one environment replaced by itself: every so many days or by cron, in a window of the day, by a generator, with an overlap in which the value before works too. Takes the place of the rule that it has.',
      idempotent: true,
      destructive: true,
    },
  }),
  planRotation: defineOperation({
    plugin,
    name: 'plan-rotation',
    summary: 'see when a secret would be replaced',
    http: { method: 'POST', path: '/v1/rotations/plans' },
    input: ofKey.extend({ ...generatorShape, ...rotationRuleShape }),
    output: z.object({
      /** When it would be replaced first, ISO 8601 */
      dueAt: z.string(),
      /** Whether the generator can have the value before go on working */
      overlaps: z.boolean(),
      /** What is to be known before it is done, in words */
      warnings: z.array(z.string()).optional(),
    }),
    access: { permission: secretSetPermission },
    // It looks at what it is given and at how the key is replaced by now, and at no secret.
    audit: 'no-effect',
  }),
  endRotation: defineOperation({
    plugin,
    name: 'end-rotation',
    summary: 'have a secret stay as it is',
    http: { method: 'POST', path: '/v1/rotations/end' },
    input: ofKey.extend({ reason }),
    output: z.object({}),
    access: { permission: secretSetPermission },
    audit: critical('end-rotation'),
    action: {
      name: 'end-rotation',
      title: 'Have a secret replaced no longer',
      description:
        'Stops the rotation of a key in one environment. Its value stays; one before that still works is ended in its time.',
      destructive: true,
    },
  }),
  rotations: defineOperation({
    plugin,
    name: 'rotations',
    summary: 'see which secrets are replaced when',
    http: { method: 'GET', path: '/v1/rotations' },
    input: z.object({ service }),
    output: z.object({ items: z.array(rotationSchema) }),
    access: { permission: secretReadPermission },
    audit: critical('rotations'),
    action: {
      name: 'rotations',
      title: 'Which secrets are replaced when?',
      description:
        'Lists the keys of a service that are replaced by themselves: by which rule, when next, whether that is overdue, and what went wrong.',
      idempotent: true,
    },
  }),
  prometheus: defineOperation({
    plugin,
    name: 'prometheus',
    summary: 'read how many secrets are due or overdue, as Prometheus does',
    http: {
      method: 'GET',
      path: '/v1/prometheus',
      streams: 'text/plain; version=0.0.4; charset=utf-8',
    },
    input: z.object({}),
    output: z.string(),
    access: { permission: secretCountPermission },
    // It names no key and shows nothing of one.
    audit: 'no-effect',
  }),
};
