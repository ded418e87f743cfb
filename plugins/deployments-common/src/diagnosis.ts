import { z } from 'zod';
import { deploymentSchema } from './deployment';
import { driftSchema } from './drift';

/** How bad it is. */
export const healths = [
  'healthy',
  'changing',
  'attention',
  'failing',
  'absent',
  'unknown',
] as const;
export type Health = (typeof healths)[number];

/** Why it is as it is, as far as it is one of the usual reasons. */
export const causes = [
  'image-pull',
  'missing-config',
  'out-of-memory',
  'crash-loop',
  'cannot-start',
  'no-node',
  'not-ready',
  'quota',
  'pods-refused',
  'paused',
  'workload-gone',
  'no-pods-wanted',
  'drift',
  'deployment-failed',
  'put-back',
  'alerts',
  'in-progress',
  'nothing-deployed',
  'none',
  'not-known',
] as const;
export type Cause = (typeof causes)[number];

export const diagnosisVerdictSchema = z.object({
  health: z.enum(healths),
  cause: z.enum(causes),
  /** What is wrong, in a sentence or two */
  summary: z.string(),
  /** What to do about it */
  fix: z.string().optional(),
});
export type DiagnosisVerdict = z.infer<typeof diagnosisVerdictSchema>;

/** What was found out, or why it could not be; `connect` says what to configure where that is the reason. */
function part<T extends z.ZodTypeAny>(item: T) {
  return z.discriminatedUnion('known', [
    z.object({ known: z.literal(true), items: z.array(item) }),
    z.object({
      known: z.literal(false),
      why: z.string(),
      connect: z.string().optional(),
    }),
  ]);
}

export const diagnosedPodSchema = z.object({
  name: z.string(),
  phase: z.string(),
  ready: z.boolean(),
  restarts: z.number().int(),
  createdAt: z.string(),
  node: z.string().optional(),
  /** Of the images of its containers, as its manifest pins them: `sha256:` and 64 hex digits. None from an older portal */
  digests: z.array(z.string()).default([]),
  /** The reasons that Kubernetes gives, such as `app: CrashLoopBackOff` */
  reasons: z.array(z.string()),
});

/** The pods of a service in an environment, or why they are not known. */
export const podsSchema = part(diagnosedPodSchema);

export const diagnosedEventSchema = z.object({
  at: z.string(),
  /** Such as `Pod cart-5f7` */
  object: z.string(),
  reason: z.string(),
  message: z.string(),
  warning: z.boolean(),
  count: z.number().int(),
});

export const firingAlertSchema = z.object({
  name: z.string(),
  severity: z.string().optional(),
  summary: z.string().optional(),
  since: z.string(),
  runbook: z.string().optional(),
});

export const onCallSchema = z.object({
  name: z.string(),
  /** 1 is called first */
  level: z.number().int(),
  /** Page of the person */
  page: z.string().optional(),
  until: z.string().optional(),
});

/** The answer to "why is it failing?", with all that stands behind it. */
export const diagnosisSchema = z.object({
  service: z.string(),
  environment: z.string(),
  namespace: z.string(),
  at: z.string(),
  verdict: diagnosisVerdictSchema,
  running: deploymentSchema.optional(),
  latest: deploymentSchema.optional(),
  /** Whether it was changed by hand since; left out where nobody has looked yet */
  drift: driftSchema.optional(),
  pods: podsSchema,
  /** Newest first */
  events: part(diagnosedEventSchema),
  alerts: part(firingAlertSchema),
  /** Newest first */
  changes: z.array(deploymentSchema),
  onCall: part(onCallSchema),
  /** The last lines of the pod that the verdict is about; what looks like a secret is taken out */
  log: part(z.string()),
  /** Such as `cart-5f7, container cart` */
  logOf: z.string().optional(),
});
export type Diagnosis = z.infer<typeof diagnosisSchema>;
export type DiagnosedPod = z.infer<typeof diagnosedPodSchema>;
export type DiagnosedEvent = z.infer<typeof diagnosedEventSchema>;
export type FiringAlert = z.infer<typeof firingAlertSchema>;
export type OnCall = z.infer<typeof onCallSchema>;
export type Part<T> =
  | { known: true; items: T[] }
  | { known: false; why: string; connect?: string };
