import { z } from 'zod';

/**
 * Labels by which a workload selects its pods. It may do so by expressions, and a Rollout with a `workloadRef` says nothing: its pods
 * are then known by their hash alone.
 */
export const selectorSchema = z
  .object({ matchLabels: z.record(z.string()).default({}) })
  .default({});
