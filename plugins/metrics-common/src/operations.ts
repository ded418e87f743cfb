import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { adoptionOperations } from './adoptionOperations';
import { bandSetSchema } from './bands';
import { buckets } from './day';
import { keys } from './definitions';
import { exportOperations } from './exportOperations';
import { metricsReadPermission } from './permissions';
import {
  detailSchema,
  incidentDetailSchema,
  keySummarySchema,
  scopeSchema,
  seriesSchema,
  teamColumns,
  teamRowSchema,
} from './results';
import { pageInput, scopeInput } from './scopeInput';
import { sourceOperations } from './sourceOperations';
import { surveyOperations } from './surveyOperations';

const plugin = 'metrics';

const key = z.enum(keys).describe('Which number');
const seconds = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
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
    input: scopeInput.extend({
      bucket: z
        .enum(buckets)
        .optional()
        .describe('Each number over time as well, for each of these'),
    }),
    output: z.object({
      scope: scopeSchema,
      bands: bandSetSchema,
      keys: z.array(keySummarySchema),
      /** Where it was asked for */
      series: z.array(seriesSchema).optional(),
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
    output: seriesSchema.extend({ scope: scopeSchema }),
    ...read,
    action: {
      name: 'series',
      title: 'How does a number of delivery go over time?',
      description:
        'One of deployment frequency, lead time for changes, change failure rate, recovery time and rework rate, for each day, week or month of a range and of the one before, of everything, a group, a system or a service. A point without a value is not known, or there was nothing to take it from: it is not zero.',
      examples: [
        {
          title: 'Lead times of a service by month',
          input: {
            ...{ key: 'lead-time', bucket: 'month', days: 365 },
            slice: 'component:default/checkout-api',
          },
        },
      ],
    },
  }),
  details: defineOperation({
    plugin,
    name: 'details',
    summary: 'see the deployments behind a number',
    http: { method: 'GET', path: '/v1/details' },
    input: scopeInput.extend({
      key,
      counts: z
        .boolean()
        .optional()
        .describe(
          'Of the change failure rate and the rework rate: only what is counted as such, or only the others that it is a share of; both if left out',
        ),
      open: z
        .boolean()
        .optional()
        .describe(
          'Of recovery: only failures that are still open, of whenever up to the last day',
        ),
      atLeast: seconds
        .optional()
        .describe(
          'Of lead-time and recovery: only what took so many seconds or more; of lead-time, deployments with a change that did',
        ),
      below: seconds
        .optional()
        .describe('Of lead-time and recovery: only what took less seconds'),
      ...pageInput,
    }),
    output: z.object({
      scope: scopeSchema,
      /** Newest first */
      items: z.array(detailSchema),
      next: z.string().optional(),
    }),
    ...read,
    action: {
      name: 'details',
      title: 'What is behind a number of delivery?',
      description:
        'The deployments that a number of delivery was taken from, the newest first, each with its commit, changes, incidents and why it counts: such as which deployments failed, and because of what.',
      examples: [
        {
          title: 'What failed at a team in the last 30 days?',
          input: {
            ...{ key: 'change-failure-rate', days: 30, counts: true },
            slice: 'group:default/payments-team',
          },
        },
      ],
    },
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
    action: {
      name: 'incidents',
      title: 'What is behind the time to restore?',
      description:
        'The incidents that were detected in a range of days, of everything, a group, a system or a service, the newest first, each with how long it took to be over, whether it is still open, and the deployment that is blamed for it. Also those that no deployment caused.',
      examples: [
        {
          title: 'Incidents of a service in the last 30 days',
          input: { slice: 'component:default/checkout-api', days: 30 },
        },
      ],
    },
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
    action: {
      name: 'teams',
      title: 'How is delivery doing in teams, systems or services?',
      description:
        'A row for each team (with the groups within it), system or service, with all numbers of delivery in a range of days, sorted by any of them. Never of people. "no-data" is not zero.',
      examples: [
        {
          title: 'Services with the longest lead times',
          input: { by: 'service', sort: 'lead-time', order: 'desc', limit: 10 },
        },
      ],
    },
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
  ...exportOperations,
  ...sourceOperations,
  ...adoptionOperations,
  ...surveyOperations,
};
