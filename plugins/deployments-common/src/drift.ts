import { z } from 'zod';

/** What differs in one object of Kubernetes. */
export const objectChangeSchema = z.object({
  /** Such as `Deployment cart` */
  object: z.string(),
  change: z.enum(['added', 'removed', 'changed']),
  fields: z.array(
    z.object({
      /** Such as `spec.replicas` */
      path: z.string(),
      before: z.string().optional(),
      after: z.string().optional(),
    }),
  ),
});
export type ObjectChange = z.infer<typeof objectChangeSchema>;

/** Whether the cluster still has what was last deployed well: what deploying that again would change. */
export const driftSchema = z.object({
  /** `unknown`: the last look failed, which says nothing of the cluster */
  state: z.enum(['same', 'differs', 'unknown']),
  /** In a sentence */
  summary: z.string(),
  /** When it was looked */
  at: z.string(),
  /** From what was deployed to what is there */
  changes: z.array(objectChangeSchema),
});
export type Drift = z.infer<typeof driftSchema>;
