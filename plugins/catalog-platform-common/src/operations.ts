import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import {
  dependencyAnswerSchema,
  dependencyQuerySchema,
  dependencySummarySchema,
} from './dependencies';
import { entityFindingsAnswerSchema, findingsAnswerSchema } from './findings';

const namePart = z.string().min(1).max(253);
const entityPath = { kind: namePart, namespace: namePart, name: namePart };

/**
 * What the catalog answers beyond what is its own. Being signed in is enough to ask: what is answered is what the
 * catalog shows to the one who asks.
 */
export const catalogPlatformOperations = {
  dependents: defineOperation({
    plugin: 'catalog',
    name: 'dependents',
    summary: 'see what depends on something, or what it needs',
    http: {
      method: 'GET',
      path: '/platform/v1/dependents/:kind/:namespace/:name',
    },
    input: dependencyQuerySchema.extend(entityPath),
    output: dependencyAnswerSchema,
    access: 'signed-in',
    audit: 'no-effect',
  }),
  dependentsSummary: defineOperation({
    plugin: 'catalog',
    name: 'dependents-summary',
    summary: 'see in a sentence what depends on something, or what it needs',
    http: { method: 'GET', path: '/platform/v1/dependents' },
    input: dependencyQuerySchema.extend({
      ref: z
        .string()
        .min(1)
        .max(600)
        .describe(
          'Reference of the thing, such as component:default/payment-service; a bare name means a component',
        ),
    }),
    output: dependencySummarySchema,
    access: 'signed-in',
    audit: 'no-effect',
    action: {
      name: 'dependents',
      title: 'What depends on this?',
      description:
        'Lists everything that breaks if a component, API, resource or system breaks, directly or through others, nearest first, with the way there, owner, lifecycle and who is on call. With direction "dependencies" it lists what the thing itself needs. Only what the caller may see is listed.',
      examples: [
        {
          title: 'What breaks in production if the user service breaks',
          input: {
            ref: 'component:default/user-service',
            lifecycle: ['production'],
          },
        },
      ],
    },
  }),
  findings: defineOperation({
    plugin: 'catalog',
    name: 'findings',
    summary: 'see what is wrong in the catalog',
    http: { method: 'GET', path: '/platform/v1/findings' },
    input: z.object({
      owner: z
        .array(z.string().min(1).max(600))
        .max(100)
        .default([])
        .describe(
          'References of owners, such as group:default/payments-team; everything if empty',
        ),
    }),
    output: findingsAnswerSchema,
    access: 'signed-in',
    audit: 'no-effect',
    action: {
      name: 'findings',
      title: 'What is wrong in the catalog?',
      description:
        'Lists what is wrong in catalog files, by owner: the file, the field, what stands there and how to put it right. Only what the caller may see is listed.',
    },
  }),
  entityFindings: defineOperation({
    plugin: 'catalog',
    name: 'entity-findings',
    summary: 'see what is wrong with one thing of the catalog',
    http: {
      method: 'GET',
      path: '/platform/v1/findings/:kind/:namespace/:name',
    },
    input: z.object(entityPath),
    output: entityFindingsAnswerSchema,
    access: 'signed-in',
    audit: 'no-effect',
  }),
};
