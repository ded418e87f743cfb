import { z } from 'zod';

/** Rules that hold for every container, unless a deviation lifts one. In the order in which they are shown. */
export const guardrailIds = [
  'readiness-probe',
  'liveness-probe',
  'requests',
  'limits',
  'image-version',
  'run-as-non-root',
  'not-privileged',
  'no-privilege-escalation',
  'capabilities',
  'seccomp',
  'plain-secrets',
] as const;
export type GuardrailId = (typeof guardrailIds)[number];

/** `active`: it lifts its guardrail; `expired`: its time is over; `ended`: somebody took it back. */
export const deviationStates = ['active', 'expired', 'ended'] as const;
export type DeviationState = (typeof deviationStates)[number];

/** A guardrail that does not hold for one service in one environment until some time, with who said so and why. */
export const deviationSchema = z.object({
  id: z.string().uuid(),
  guardrail: z.enum(guardrailIds),
  /** Reference of the service */
  service: z.string(),
  environment: z.string(),
  reason: z.string(),
  state: z.enum(deviationStates),
  createdBy: z.string(),
  createdAt: z.string(),
  /** From then on it lifts nothing */
  expiresAt: z.string(),
  endedAt: z.string().optional(),
  endedBy: z.string().optional(),
});
export type Deviation = z.infer<typeof deviationSchema>;
