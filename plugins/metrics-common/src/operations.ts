import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { adoptionOperations } from './adoptionOperations';
import { bandSetSchema } from './bands';
import { buckets } from './day';
import { keys } from './definitions';
import { metricsReadPermission } from './permissions';
import {
  detailSchema,
  incidentDetailSchema,
  keySummarySchema,
  pointSchema,
  scopeSchema,
  teamColumns,
  teamRowSchema,
} from './results';
import { pageInput, scopeInput } from './scopeInput';
import { sourceOperations } from './sourceOperations';
import { surveyOperations } from './surveyOperations';

const plugin = 'metrics';

const key = z.enum(keys).describe('Which number');
const read = {
  access: { permission: metricsReadPermission, filtered: true },
  audit: 'no-effect',
} as const;

export const metricsOperations = {
  summary: defineOperation({
    plugin,
    name: 'summary',
    summary: 'see how delivery is doing',
    http: { method: 'GET', path: '/v1/summary' },
    input: scopeInput,
    output: z.object({
      scope: scopeSchema,
      bands: bandSetSchema,
      keys: z.array(keySummarySchema),
    }),
    ...read,
    action: {
      name: 'summary',
      title: 'How is delivery doing?',
      description:
        'Deployment frequency, lead time for changes, change failure rate, recovery time and rework rate of everything, a group, a system or a service, in a range of days, compared with the one before, each with a sentence. "no-data" is not zero: nothing is connected that could say it.',
      examples: [
        {
          title: 'A team’s last quarter',
          input: {
            slice: 'group:default/payments-team',
            from: '2026-07-01',
            to: '2026-09-30',
          },
        },
      ],
    },
  }),
  series: defineOperation({
    plugin,
    name: 'series',
    summary: 'see how a number of delivery goes over time',
    http: { method: 'GET', path: '/v1/series' },
    input: scopeInput.extend({
      key,
      bucket: z.enum(buckets).default('week'),
    }),
    output: z.object({
      scope: scopeSchema,
      key: z.enum(keys),
      /** Oldest first, without gaps */
      points: z.array(pointSchema),
      /** How many were how long; only of durations */
      distribution: z.array(
        z.object({
          /** Seconds, from this */
          from: z.number(),
          /** to less than this; the last has none */
          to: z.number().optional(),
          n: z.number().int(),
        }),
      ),
    }),
    ...read,
  }),
  details: defineOperation({
    plugin,
    name: 'details',
    summary: 'see the deployments behind a number',
    http: { method: 'GET', path: '/v1/details' },
    input: scopeInput.extend({
      key,
      open: z
        .boolean()
        .optional()
        .describe(
          'Of recovery: only failures that are still open, of whenever up to the last day',
        ),
      ...pageInput,
    }),
    output: z.object({
      scope: scopeSchema,
      /** Newest first */
      items: z.array(detailSchema),
      next: z.string().optional(),
    }),
    ...read,
  }),
  incidents: defineOperation({
    plugin,
    name: 'incidents',
    summary: 'see the incidents behind the time to restore',
    http: { method: 'GET', path: '/v1/incidents' },
    input: scopeInput.extend(pageInput),
    output: z.object({
      scope: scopeSchema,
      /** Those that were detected last first */
      items: z.array(incidentDetailSchema),
      next: z.string().optional(),
    }),
    ...read,
  }),
  teams: defineOperation({
    plugin,
    name: 'teams',
    summary: 'compare how delivery is doing in teams, systems or services',
    http: { method: 'GET', path: '/v1/teams' },
    input: scopeInput.extend({
      by: z.enum(['owner', 'system', 'service']).default('owner'),
      sort: z
        .enum(teamColumns)
        .default('name')
        .describe('By what; what has no value stands at the end'),
      order: z.enum(['asc', 'desc']).default('asc'),
      offset: z
        .number()
        .int()
        .min(0)
        .max(1_000_000)
        .default(0)
        .describe('Rows left out'),
      limit: z.number().int().min(1).max(500).default(50),
    }),
    output: z.object({
      scope: scopeSchema,
      rows: z.array(teamRowSchema),
      /** How many rows there are, shown or not */
      total: z.number().int(),
    }),
    ...read,
  }),
  exportCsv: defineOperation({
    plugin,
    name: 'export-csv',
    summary: 'take the deployments behind the numbers away as a table',
    http: {
      method: 'GET',
      path: '/v1/export/deployments.csv',
      streams: 'text/csv; charset=utf-8',
    },
    input: scopeInput,
    output: z.string(),
    ...read,
  }),
  exportJson: defineOperation({
    plugin,
    name: 'export-json',
    summary: 'take the deployments behind the numbers away as JSON lines',
    http: {
      method: 'GET',
      path: '/v1/export/deployments.jsonl',
      streams: 'application/x-ndjson; charset=utf-8',
    },
    input: scopeInput,
    output: z.string(),
    ...read,
  }),
  prometheus: defineOperation({
    plugin,
    name: 'prometheus',
    summary: 'read the numbers as Prometheus does',
    http: {
      method: 'GET',
      path: '/v1/prometheus',
      streams: 'text/plain; version=0.0.4; charset=utf-8',
    },
    input: z.object({}),
    output: z.string(),
    ...read,
  }),
  ...sourceOperations,
  ...adoptionOperations,
  ...surveyOperations,
};
