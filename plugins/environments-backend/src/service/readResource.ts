import {
  durationSchema,
  environmentSpecSchema,
  environmentStatusSchema,
  fieldOf,
  problemsOf,
} from '@highroad/plugin-environments-common';
import { z } from 'zod';
import { EnvironmentResource } from './EnvironmentResources';

const resourceSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    generation: z.number().default(0),
    resourceVersion: z.string(),
    creationTimestamp: z.coerce.date(),
    deletionTimestamp: z.coerce.date().optional(),
    labels: z.record(z.string()).default({}),
    annotations: z.record(z.string()).default({}),
    finalizers: z.array(z.string()).default([]),
    /** Who wrote which fields when, by Kubernetes' own word */
    managedFields: z
      .array(
        z.object({
          subresource: z.string().optional(),
          time: z.coerce.date().optional(),
          fieldsV1: z.record(z.unknown()).default({}),
        }),
      )
      .catch([])
      .default([]),
  }),
  spec: z.unknown(),
  status: z.unknown(),
});

/** What is held to also where the rest is not as it may be, so that nobody gives an environment no end by that. */
const lifetimeSchema = z
  .object({
    ttl: durationSchema.optional().catch(undefined),
    keep: z.boolean().catch(false),
  })
  .catch({ keep: false });

/**
 * What was read already. Watches keep objects until others come in their place, and every look at one environment goes by
 * all: to read hundreds anew each time would take longer than what is done about one.
 */
const known = new WeakMap<object, EnvironmentResource>();

/**
 * An environment's resource as the cluster gives it. Neither is changed afterwards.
 *
 * @throws ZodError for what is no resource at all; what is wrong with its spec stands in `problem`
 */
export function readResource(object: object): EnvironmentResource {
  const before = known.get(object);
  if (before) return before;
  const resource = readAnew(object);
  known.set(object, resource);
  return resource;
}

function readAnew(object: object): EnvironmentResource {
  const { metadata, spec, status } = resourceSchema.parse(object);
  const parsed = environmentSpecSchema.safeParse(spec);
  const told = environmentStatusSchema.safeParse(status ?? {});
  const changedAt = changedIn(metadata.managedFields);
  return {
    name: metadata.name,
    home: metadata.namespace,
    uid: metadata.uid,
    generation: metadata.generation,
    resourceVersion: metadata.resourceVersion,
    labels: metadata.labels,
    annotations: metadata.annotations,
    finalizers: metadata.finalizers,
    createdAt: metadata.creationTimestamp,
    ...(changedAt && { changedAt }),
    ...(metadata.deletionTimestamp && {
      deletedAt: metadata.deletionTimestamp,
    }),
    spec: parsed.success ? parsed.data : undefined,
    ...(!parsed.success && {
      problem: problemsOf(parsed.error)
        .map(({ path, message }) => `spec.${fieldOf(path)}: ${message}`)
        .join('; '),
      unread: lifetimeSchema.parse(spec),
    }),
    // A status that somebody else wrote is as good as none: it is written anew.
    status: told.success ? told.data : environmentStatusSchema.parse({}),
  };
}

/** What is done to its status or its marks is nobody's being active. */
function changedIn(
  fields: z.output<typeof resourceSchema>['metadata']['managedFields'],
): Date | undefined {
  return fields
    .filter(({ subresource, fieldsV1 }) => !subresource && 'f:spec' in fieldsV1)
    .flatMap(({ time }) => time ?? [])
    .sort((a, b) => b.getTime() - a.getTime())
    .at(0);
}
