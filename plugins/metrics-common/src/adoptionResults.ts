import { z } from 'zod';

const noData = z.object({ state: z.literal('no-data'), why: z.string() });

/** A part of a whole that is known, or why it is not. */
const shareSchema = z.discriminatedUnion('state', [
  noData,
  z.object({
    state: z.literal('value'),
    part: z.number().int(),
    whole: z.number().int(),
  }),
]);
export type Share = z.infer<typeof shareSchema>;

/** What is known of one range. */
const adoptionOfRange = z.object({
  range: z.object({ from: z.string(), to: z.string() }),
  /** Services that the platform created or deploys, over those it could, at the end of the range */
  onboarding: shareSchema,
  /** Deployments to production that the platform made, over all that are known of */
  goldenPath: shareSchema,
  /** From a service's creation to its first success in production */
  firstDeployment: z.discriminatedUnion('state', [
    noData,
    z.object({
      state: z.literal('value'),
      /** Of those that are there, in seconds; left out where none is */
      median: z.number().optional(),
      n: z.number().int(),
      /** How many are not there yet */
      waiting: z.number().int(),
      /** Those of them that the asker may see: only how long it has taken so far is known */
      censored: z.array(z.object({ service: z.string(), seconds: z.number() })),
    }),
  ]),
  /** Guardrails that are lifted for services at the end of the range, each for a reason that stands with it */
  deviations: z.discriminatedUnion('state', [
    noData,
    z.object({
      state: z.literal('value'),
      n: z.number().int(),
      services: z.number().int(),
      /** The most frequent first */
      guardrails: z.array(
        z.object({ guardrail: z.string(), n: z.number().int() }),
      ),
    }),
  ]),
  /** Tickets to the platform's people for each service, in equal windows before and after it was onboarded, as known at the end of the range */
  deflection: z.discriminatedUnion('state', [
    noData,
    z.object({
      state: z.literal('value'),
      before: z.number(),
      after: z.number(),
      services: z.number().int(),
      /** Onboarded as long ago, but without a deployment in either window, or a whole window before of which tickets are known */
      leftOut: z.number().int(),
      windowDays: z.number().int(),
    }),
  ]),
});
export type AdoptionOfRange = z.infer<typeof adoptionOfRange>;

export const adoptionSchema = adoptionOfRange.extend({
  /** Reference of a group, system or service; none for all */
  slice: z.string().optional(),
  /** The range ends today or later, so that its last day is not whole */
  incomplete: z.boolean().optional(),
  /** The range of the same length before it */
  previous: adoptionOfRange,
  /** Example history is among what is counted */
  example: z.boolean(),
  /** What people say in the survey of the last quarter with answers that was over at the end of the range, where that may be shown */
  nps: z.discriminatedUnion('state', [
    noData,
    z.object({
      state: z.literal('value'),
      /** Such as 2026-Q3 */
      quarter: z.string(),
      /** From −100 to 100 */
      score: z.number(),
      n: z.number().int(),
      /** Of 95 % */
      margin: z.number(),
      /** Answers over those who were asked */
      responseRate: z.number().optional(),
      /** Of the quarter right before that one, where that may be shown */
      before: z.object({ quarter: z.string(), score: z.number() }).optional(),
    }),
  ]),
});
export type Adoption = z.infer<typeof adoptionSchema>;

/** Something that a number of adoption was taken from: a service, or a deployment or a lifted guardrail of one. */
export const adoptionDetailSchema = z.object({
  service: z.string(),
  /** Left out where nobody is known to own it */
  owner: z.string().optional(),
  /** Why it counts for the number, or does not */
  why: z.string(),
  counts: z.boolean(),
  example: z.boolean(),
  environment: z.string().optional(),
  /** When what is told of was: the deployment, the first one, the onboarding, or the lifting */
  at: z.string().optional(),
  /** The deployment itself, or the one that made it count */
  deployment: z
    .object({
      id: z.string(),
      version: z.string().optional(),
      url: z.string().optional(),
    })
    .optional(),
  /** Of the two windows, oldest first, 50 at most */
  tickets: z
    .array(
      z.object({
        ticket: z.string(),
        url: z.string().optional(),
        at: z.string(),
        window: z.enum(['before', 'after']),
      }),
    )
    .optional(),
  /** How many are in the two windows */
  ticketCounts: z
    .object({ before: z.number().int(), after: z.number().int() })
    .optional(),
});
export type AdoptionDetail = z.infer<typeof adoptionDetailSchema>;
