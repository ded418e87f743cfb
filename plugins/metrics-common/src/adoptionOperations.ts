import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { rangeInput } from './day';
import { metricsReadPermission } from './permissions';

const plugin = 'metrics';

/** A part of a whole that is known, or why it is not. */
const shareSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('no-data'), why: z.string() }),
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
  /** Services that the platform created or deploys, over those it could */
  onboarding: shareSchema,
  /** Deployments to production that the platform made, over all that are known of */
  goldenPath: shareSchema,
  /** From a service's creation to its first success in production */
  firstDeployment: z.discriminatedUnion('state', [
    z.object({ state: z.literal('no-data'), why: z.string() }),
    z.object({
      state: z.literal('value'),
      /** Of those that are there, in seconds; left out where none is */
      median: z.number().optional(),
      n: z.number().int(),
      /** Not there yet: only how long it has taken so far is known */
      censored: z.array(z.object({ service: z.string(), seconds: z.number() })),
    }),
  ]),
  /** Guardrails that are lifted for services at the end of the range, each for a reason that stands with it */
  deviations: z.discriminatedUnion('state', [
    z.object({ state: z.literal('no-data'), why: z.string() }),
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
});
export type AdoptionOfRange = z.infer<typeof adoptionOfRange>;

export const adoptionSchema = adoptionOfRange.extend({
  /** The range of the same length before it */
  previous: adoptionOfRange,
  /** Example history is among what is counted */
  example: z.boolean(),
  /** Tickets to the platform's people for each service, in equal windows before and after it was onboarded */
  deflection: z.discriminatedUnion('state', [
    z.object({ state: z.literal('no-data'), why: z.string() }),
    z.object({
      state: z.literal('value'),
      before: z.number(),
      after: z.number(),
      services: z.number().int(),
      /** Onboarded as long ago, but without a whole window before of which tickets are known */
      leftOut: z.number().int(),
      windowDays: z.number().int(),
    }),
  ]),
});
export type Adoption = z.infer<typeof adoptionSchema>;

/** How the platform is taken up. */
export const adoptionOperations = {
  adoption: defineOperation({
    plugin,
    name: 'adoption',
    summary: 'see how the platform is taken up',
    http: { method: 'GET', path: '/v1/adoption' },
    input: rangeInput,
    output: z.object({ adoption: adoptionSchema }),
    access: { permission: metricsReadPermission, filtered: true },
    audit: 'no-effect',
    action: {
      name: 'adoption',
      title: 'How is the platform taken up?',
      description:
        'Services onboarded over those eligible, share of production deployments on the golden path, time from a service’s creation to its first deployment, guardrails that are lifted, each compared with the range before, and tickets per service before and after. "no-data" is not zero.',
    },
  }),
};
