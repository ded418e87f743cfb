import { z } from 'zod';
import { guardrailIds } from './deviation';

export const deviationEventTypes = [
  'com.myorg.platform.deviation.added.1',
  'com.myorg.platform.deviation.ended.1',
] as const;

/**
 * What happened to a deviation, in the same feed as deployments. That one expires is no event: when it will is said when it is
 * added.
 */
export const deviationEventSchema = z.object({
  seq: z.number().int().positive(),
  specversion: z.literal('1.0'),
  id: z.string(),
  source: z.string(),
  type: z.enum(deviationEventTypes),
  /** Id of the deviation */
  subject: z.string(),
  time: z.string(),
  data: z.object({
    service: z.string(),
    environment: z.string(),
    guardrail: z.enum(guardrailIds),
    createdBy: z.string(),
    createdAt: z.string(),
    expiresAt: z.string(),
    endedBy: z.string().optional(),
    endedAt: z.string().optional(),
  }),
});
export type DeviationEvent = z.infer<typeof deviationEventSchema>;

/** The channel of the backend's signals on which open pages hear that a guardrail was lifted, or holds again before its time. */
export const DEVIATIONS_CHANNEL = 'deployments:deviations';
