import { doors } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { jsonObjectSchema } from './json';

export const severities = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** `intent`: written before the effect. `outcome`: written after it. */
export const phases = ['intent', 'outcome'] as const;
export type Phase = (typeof phases)[number];

export const outcomes = ['succeeded', 'failed', 'refused'] as const;
export type Outcome = (typeof outcomes)[number];

/** A time in UTC as JavaScript writes it, such as 2026-01-31T12:00:00.000Z. */
export const timeSchema = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    'write a time such as 2026-01-31T12:00:00.000Z',
  );

export const actorSchema = z.object({
  kind: z.enum(['user', 'service', 'none']),
  ref: z.string(),
});

/**
 * What one record says. An outcome repeats what its intent said, so that either can be understood alone.
 *
 * The stored text of a body is what is chained, byte for byte. It is read with this schema, never written again.
 */
export const recordBodySchema = z.object({
  v: z.literal(1),
  /** A UUID of version 7. Its random part is what makes a digest of the body say nothing about the body. */
  id: z.string().uuid(),
  at: timeSchema,
  /** Id of the plugin in which it happened */
  plugin: z.string().min(1),
  /** What happened, without the plugin's name: `deployment-create` */
  event: z.string().min(1),
  severity: z.enum(severities),
  phase: z.enum(phases),
  /** On an outcome, the id of its intent */
  intent: z.string().uuid().optional(),
  /** On an outcome, when the intent was written */
  startedAt: timeSchema.optional(),
  outcome: z.enum(outcomes).optional(),
  actor: actorSchema,
  door: z.enum(doors),
  /** Reference of the service that it is about, such as `component:default/cart` */
  service: z.string().optional(),
  environment: z.string().optional(),
  /** Ties together what belongs to one request */
  correlation: z.string().optional(),
  /** Why, in the person's own words */
  reason: z.string().optional(),
  /** The path has no query: queries carry what people typed */
  request: z.object({ method: z.string(), path: z.string() }).optional(),
  meta: jsonObjectSchema.optional(),
  error: z.object({ name: z.string(), message: z.string() }).optional(),
});
export type RecordBody = z.output<typeof recordBodySchema>;

/**
 * Reads the stored text of a body.
 *
 * @returns nothing if it is no body; whoever reads a ledger that was tampered with meets such text
 */
export function parseBody(text: string): RecordBody | undefined {
  try {
    const parsed = recordBodySchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
