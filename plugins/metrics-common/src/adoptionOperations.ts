import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { adoptionKeys } from './adoptionDefinitions';
import { adoptionDetailSchema, adoptionSchema } from './adoptionResults';
import { buckets } from './day';
import { metricsReadPermission } from './permissions';
import { pointSchema, scopeSchema } from './results';
import { pageInput, sliceInput } from './scopeInput';

const plugin = 'metrics';
const key = z.enum(adoptionKeys).describe('Which number');
const behindInput = sliceInput.extend({
  key,
  counts: z
    .boolean()
    .optional()
    .describe('Only what counts, or only what does not; both if left out'),
});
export type AdoptionBehindInput = z.output<typeof behindInput>;
/** A number over time. */
const adoptionSeriesSchema = z.object({
  key: z.enum(adoptionKeys),
  /** Oldest first, without gaps; none where nothing tells of it */
  points: z.array(pointSchema),
});
export type AdoptionSeries = z.infer<typeof adoptionSeriesSchema>;
const read = {
  access: { permission: metricsReadPermission, filtered: true },
  audit: 'no-effect',
} as const;

/** How the platform is taken up. */
export const adoptionOperations = {
  adoption: defineOperation({
    plugin,
    name: 'adoption',
    summary: 'see how the platform is taken up',
    http: { method: 'GET', path: '/v1/adoption' },
    input: sliceInput.extend({
      bucket: z
        .enum(buckets)
        .optional()
        .describe('Each number over time as well, for each of these'),
    }),
    output: z.object({
      adoption: adoptionSchema,
      /** Where it was asked for, with `series` */
      scope: scopeSchema.optional(),
      series: z.array(adoptionSeriesSchema).optional(),
    }),
    ...read,
    action: {
      name: 'adoption',
      title: 'How is the platform taken up?',
      description:
        'Of everything, a group, a system or a service: services onboarded over those eligible, share of production deployments on the golden path, time from a service’s creation to its first deployment, guardrails that are lifted, tickets per service before and after, each compared with the range before, and what people say in the survey. "no-data" is not zero.',
    },
  }),
  adoptionSeries: defineOperation({
    plugin,
    name: 'adoption-series',
    summary: 'see how a number of adoption goes over time',
    http: { method: 'GET', path: '/v1/adoption/series' },
    input: sliceInput.extend({ key, bucket: z.enum(buckets).default('week') }),
    output: adoptionSeriesSchema.extend({ scope: scopeSchema }),
    ...read,
    action: {
      name: 'adoption-series',
      title: 'How does a number of adoption go over time?',
      description:
        'Onboarded services, golden-path share, time to first deployment, lifted guardrails or tickets, for each day, week or month of a range, of everything, a group, a system or a service. A point without a value is not known, or there was nothing to take it from: it is not zero.',
      examples: [
        {
          title: 'Onboarded services by month',
          input: { key: 'onboarding', bucket: 'month', days: 365 },
        },
      ],
    },
  }),
  adoptionDetails: defineOperation({
    plugin,
    name: 'adoption-details',
    summary: 'see what is behind a number of adoption',
    http: { method: 'GET', path: '/v1/adoption/details' },
    input: behindInput.extend(pageInput),
    output: z.object({
      scope: scopeSchema,
      /** Deployments: the newest first; services: those that do not count first, each by name */
      items: z.array(adoptionDetailSchema),
      next: z.string().optional(),
    }),
    ...read,
    action: {
      name: 'adoption-details',
      title: 'What is behind a number of adoption?',
      description:
        'The services, deployments, lifted guardrails or tickets that a number of adoption was taken from, and why each counts or does not: such as which services are not onboarded.',
      examples: [
        {
          title: 'Which services of a team are not on the platform?',
          input: {
            key: 'onboarding',
            slice: 'group:default/payments-team',
            counts: false,
          },
        },
      ],
    },
  }),
  exportAdoptionCsv: defineOperation({
    plugin,
    name: 'export-adoption-csv',
    summary: 'take what is behind a number of adoption away as a table',
    http: {
      method: 'GET',
      path: '/v1/export/adoption.csv',
      streams: 'text/csv; charset=utf-8',
    },
    input: behindInput,
    output: z.string(),
    ...read,
  }),
  exportAdoptionJson: defineOperation({
    plugin,
    name: 'export-adoption-json',
    summary: 'take what is behind a number of adoption away as JSON lines',
    http: {
      method: 'GET',
      path: '/v1/export/adoption.jsonl',
      streams: 'application/x-ndjson; charset=utf-8',
    },
    input: behindInput,
    output: z.string(),
    ...read,
  }),
};
