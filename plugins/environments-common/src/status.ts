import { z } from 'zod';

/** How an environment stands. The words are the same wherever it is shown. */
export const phases = [
  /** What it asks for cannot be had as it is; the message says what to change */
  'refused',
  'provisioning',
  /** An image of it is not in the registry yet */
  'waiting-for-image',
  'ready',
  /** It was ready, and is brought to what was asked since */
  'updating',
  /** It was ready, and something of it is not any more, or will not become so */
  'degraded',
  /** Something of it failed for good before it was ready, such as a seed */
  'failed',
  'deleting',
] as const;
export type EnvironmentPhase = (typeof phases)[number];

/** What is told of an environment beside its phase, one by one. */
export const conditionTypes = [
  /** It is valid, allowed, and there is room for it */
  'Accepted',
  /** Its namespace is there, with its limits */
  'NamespaceReady',
  /** Its databases are there and seeded */
  'DatabasesReady',
  /** The images of its services are in the registry */
  'ImagesAvailable',
  /** Its services are what was asked for, and take requests */
  'ServicesReady',
  /** All of it */
  'Ready',
  /** It could be looked at to the end; only while it could not, as long as something that is asked does not answer or refuses */
  'Reconciled',
  /** Nothing stands in the way of its end; only while it is ended */
  'TeardownUnblocked',
] as const;
export type ConditionType = (typeof conditionTypes)[number];

export const environmentConditionSchema = z.object({
  type: z.string(),
  status: z.enum(['True', 'False', 'Unknown']),
  /** One word, for programs */
  reason: z.string(),
  /** A sentence, for people */
  message: z.string(),
  /** When its status last changed, ISO 8601 */
  lastTransitionTime: z.string(),
  /** Which generation of the resource it speaks of */
  observedGeneration: z.number().int().optional(),
});
export type EnvironmentCondition = z.infer<typeof environmentConditionSchema>;

export const serviceStatusSchema = z.object({
  name: z.string(),
  /** With placeholders filled in, as it is started; nothing before the service's own manifests are read */
  image: z.string().optional(),
  /** Whole commit that the service's own manifests were read at */
  commit: z.string().optional(),
  state: z.enum([
    'waiting',
    'waiting-for-image',
    'starting',
    'updating',
    'ready',
    'failing',
  ]),
  /** Pods that are ready, of those that are wanted */
  ready: z.number().int(),
  replicas: z.number().int(),
  /** Where people open it */
  url: z.string().optional(),
  /** Why it is not ready, or what of its manifests a preview goes without */
  message: z.string().optional(),
});
export type EnvironmentServiceStatus = z.infer<typeof serviceStatusSchema>;

export const seedStatusSchema = z.object({
  path: z.string(),
  repository: z.string().optional(),
  /** Whole commit that it was read at */
  commit: z.string().optional(),
  state: z.enum(['waiting', 'running', 'applied', 'failed']),
  /** Bytes of the file that are through, of all */
  doneBytes: z.number().optional(),
  totalBytes: z.number().optional(),
  /** Line of the file whose statement failed */
  line: z.number().int().optional(),
  appliedAt: z.string().optional(),
});

export const databaseStatusSchema = z.object({
  name: z.string(),
  type: z.string(),
  driver: z.string(),
  state: z.enum(['waiting', 'creating', 'seeding', 'ready', 'failed']),
  seed: seedStatusSchema.optional(),
  /** Why it is not ready */
  message: z.string().optional(),
});
export type EnvironmentDatabaseStatus = z.infer<typeof databaseStatusSchema>;

/** What the controller says of an environment. */
export const environmentStatusSchema = z.object({
  /** The generation of the resource that all this is about */
  observedGeneration: z.number().int().optional(),
  phase: z.enum(phases).optional(),
  /** Why it stands so, in a sentence */
  message: z.string().optional(),
  /** The namespace that it has for itself */
  namespace: z.string().optional(),
  cluster: z.string().optional(),
  /** Group that owns it, as the catalog names it */
  owner: z.string().optional(),
  /** Address of the first public service, once there is one */
  url: z.string().optional(),
  conditions: z.array(environmentConditionSchema).default([]),
  services: z.array(serviceStatusSchema).default([]),
  databases: z.array(databaseStatusSchema).default([]),
  /** When it ends, ISO 8601; nothing where it is kept */
  expiresAt: z.string().optional(),
  /** Until when it stays though it would have ended before by a change, such as a shorter time to live, ISO 8601 */
  endsNotBefore: z.string().optional(),
  /** It asks to be kept, which nobody could check, so it ends by its time */
  keepRefused: z.literal(true).optional(),
  /** When it was first ready, ISO 8601 */
  readyAt: z.string().optional(),
  /** What somebody should know, in sentences, such as that it ends soon */
  warnings: z.array(z.string()).default([]),
});
export type EnvironmentStatus = z.infer<typeof environmentStatusSchema>;
export type EnvironmentStatusInput = z.input<typeof environmentStatusSchema>;

/** Whether it could not be looked at to the end when that was last tried; its message says why. */
export function isFailing({
  conditions,
}: Pick<EnvironmentStatus, 'conditions'>): boolean {
  return conditions.some(
    ({ type, status }) => type === 'Reconciled' && status === 'False',
  );
}
