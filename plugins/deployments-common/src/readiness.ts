import { z } from 'zod';

/** How many pods of what was deployed there are wanted now, and how many of them are ready. */
export const readinessSchema = z.object({
  wanted: z.number().int().min(0),
  ready: z.number().int().min(0),
});
export type Readiness = z.infer<typeof readinessSchema>;

/** Whether pods are missing. Nothing is where none are wanted. */
export function isUnready({ wanted, ready }: Readiness): boolean {
  return ready < wanted;
}
