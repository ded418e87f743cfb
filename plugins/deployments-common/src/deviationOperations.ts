import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { deviationSchema, deviationStates, guardrailIds } from './deviation';
import {
  deploymentReadPermission,
  deviationChangePermission,
} from './permissions';

const plugin = 'deployments';
const service = z
  .string()
  .min(1)
  .max(300)
  .describe('Reference of a service, such as component:default/cart');
const environment = z.string().min(1).max(63);
const id = z.string().uuid('the id of a deviation is a UUID');

/** Ways off the golden path: each for one guardrail, one service and one environment, for a reason, until a time. */
export const deviationOperations = {
  addDeviation: defineOperation({
    plugin,
    name: 'deviation-add',
    summary: 'lift a guardrail for a service',
    http: { method: 'POST', path: '/v1/deviations' },
    input: z.object({
      service,
      environment,
      guardrail: z.enum(guardrailIds).describe('The rule that is lifted'),
      reason: z
        .string()
        .trim()
        .min(
          10,
          'say in at least ten letters why it cannot be as the rule says',
        )
        .max(1000)
        .describe('Why it cannot be as the rule says'),
      until: z
        .string()
        .max(40)
        .describe('Last day, such as 2027-01-31, or a time in ISO 8601'),
    }),
    output: z.object({ deviation: deviationSchema }),
    access: { permission: deviationChangePermission },
    audit: { event: 'deviation-add', severity: 'critical' },
    target: input => ({
      service: input.service,
      environment: input.environment,
    }),
    action: {
      name: 'deviation-add',
      title: 'Lift a guardrail for a service',
      description:
        'Lets deployments of one service to one environment pass although they break one guardrail, until a time, for a reason that is kept and shown. For a person who may; in production only the platform team.',
      destructive: true,
    },
  }),
  deviations: defineOperation({
    plugin,
    name: 'deviations',
    summary: 'see which guardrails are lifted',
    http: { method: 'GET', path: '/v1/deviations' },
    input: z.object({
      service: service.optional(),
      environment: environment.optional(),
      state: z.array(z.enum(deviationStates)).optional(),
      before: z.string().optional().describe('"next" of the last answer'),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    output: z.object({
      /** Newest first */
      items: z.array(deviationSchema),
      next: z.string().optional(),
    }),
    access: { permission: deploymentReadPermission, filtered: true },
    audit: 'no-effect',
    action: {
      name: 'deviations',
      title: 'Which guardrails are lifted?',
      description:
        'Lists the deviations of services: which guardrail is lifted where, by whom, why and until when; with those that have expired or were ended.',
    },
  }),
  endDeviation: defineOperation({
    plugin,
    name: 'deviation-end',
    summary: 'end a deviation',
    http: { method: 'POST', path: '/v1/deviations/:id/end' },
    input: z.object({
      id,
      reason: z.string().max(1000).optional().describe('Why, for the record'),
    }),
    output: z.object({ deviation: deviationSchema }),
    access: { permission: deviationChangePermission },
    audit: { event: 'deviation-end', severity: 'critical' },
    action: {
      name: 'deviation-end',
      title: 'End a deviation',
      description:
        'Has the guardrail hold again from now on. What runs keeps running; the next deployment is checked by it.',
    },
  }),
};
