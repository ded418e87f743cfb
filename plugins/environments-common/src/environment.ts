import { z } from 'zod';
import { pullRequestReferenceSchema } from './manifest';
import { environmentStatusSchema, phases } from './status';

/** An environment on demand, as lists show it. */
export const environmentSchema = z.object({
  name: z.string(),
  /** Namespace in which its resource is kept */
  home: z.string(),
  phase: z.enum(phases),
  /** Why it stands so, in a sentence */
  message: z.string(),
  owner: z.string().optional(),
  /** Who asked for it, as records name them */
  requestedBy: z.string().optional(),
  pullRequest: pullRequestReferenceSchema.optional(),
  url: z.string().optional(),
  services: z.array(
    z.object({
      name: z.string(),
      /** Nothing before the service's own manifests are read */
      image: z.string().optional(),
      url: z.string().optional(),
    }),
  ),
  cluster: z.string().optional(),
  /** The namespace that it has for itself */
  namespace: z.string().optional(),
  createdAt: z.string(),
  /** Nothing where it is kept */
  expiresAt: z.string().optional(),
  kept: z.boolean(),
  warnings: z.array(z.string()),
});
export type Environment = z.infer<typeof environmentSchema>;

/** With all that is known of it. */
export const environmentDetailSchema = environmentSchema.extend({
  status: environmentStatusSchema,
  /** When one that is kept would end if it were not any more, ISO 8601; nothing where its manifest keeps it */
  endsIfNotKept: z.string().optional(),
  /** The resource as it is kept, as YAML, without what Kubernetes adds */
  manifest: z.string(),
  /** Grows with each change of the resource or its state; to wait with */
  resourceVersion: z.string(),
  generation: z.number().int(),
});
export type EnvironmentDetail = z.infer<typeof environmentDetailSchema>;

/** A place that stays, as `platform.environments` says; the same that deployments go to. */
export const standingPlaceSchema = z.object({
  name: z.string(),
  production: z.boolean(),
  cluster: z.string().optional(),
});

/** Something that happened to an environment's objects, as Kubernetes tells it. */
export const environmentEventSchema = z.object({
  at: z.string(),
  /** What it is about, such as `Pod api-6f7` */
  about: z.string(),
  reason: z.string(),
  message: z.string(),
  warning: z.boolean(),
  count: z.number().int(),
});
export type EnvironmentEvent = z.infer<typeof environmentEventSchema>;

export const logLineSchema = z.object({
  service: z.string(),
  pod: z.string(),
  /** Which of its containers, where the pod has several */
  container: z.string().optional(),
  at: z.string().optional(),
  text: z.string(),
});
export type LogLine = z.infer<typeof logLineSchema>;

/** How far the secrets are that one service of an environment is lent. */
export const lentSecretsSchema = z.object({
  environment: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  /** Name of the Secret */
  secret: z.string(),
  /** `waiting`: nothing was lent yet */
  state: z.enum(['synced', 'behind', 'waiting']),
  message: z.string(),
  /** When programs that use it are restarted next, ISO 8601 */
  restartAt: z.string().optional(),
});
export type LentSecrets = z.infer<typeof lentSecretsSchema>;

/** A namespace of an environment whose resource is not there any more, so that nothing would ever take it away. */
export const orphanSchema = z.object({
  namespace: z.string(),
  /** Name of the environment that it was made for */
  environment: z.string(),
  /** Namespace in which its resource was kept */
  home: z.string(),
  owner: z.string().optional(),
  createdAt: z.string(),
  /** Whether the cluster's own notes say that this platform made it; only then can it be removed here */
  ours: z.boolean(),
  /** It is being removed, and has not gone in the usual time */
  ending: z
    .object({
      since: z.string(),
      /** What keeps it, in the words of the cluster */
      blocker: z.string().optional(),
    })
    .optional(),
});
export type Orphan = z.infer<typeof orphanSchema>;

/** Databases and roles, on a server that others use too, of an environment of which nothing is in the cluster any more. */
export const orphanDatabasesSchema = z.object({
  environmentUid: z.string(),
  /** How they were made */
  driver: z.string(),
  names: z.array(z.string()),
  /** Whether they say that they are of this cluster; only then can they be removed here */
  ours: z.boolean(),
});
export type OrphanDatabases = z.infer<typeof orphanDatabasesSchema>;
