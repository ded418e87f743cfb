import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import {
  gitHostListSchema,
  nameCheckSchema,
  previewRequestSchema,
  previewSchema,
} from './schemas';

const short = z.string().max(200);

/** What the form and the command line ask before a service is created. Nothing here has an effect. */
export const createOperations = {
  gitHosts: defineOperation({
    plugin: 'scaffolder',
    name: 'git-hosts',
    summary: 'see where repositories can be created',
    http: { method: 'GET', path: '/platform/v1/git-hosts' },
    input: z.object({}),
    output: gitHostListSchema,
    access: 'signed-in',
    audit: 'no-effect',
  }),
  checkName: defineOperation({
    plugin: 'scaffolder',
    name: 'name-check',
    summary: 'ask whether a new service can have a name',
    http: { method: 'GET', path: '/platform/v1/name-check' },
    input: z.object({
      name: short,
      gitHost: short
        .optional()
        .describe('As listed by git-hosts; empty for the default one'),
      gitOwner: short
        .optional()
        .describe('Organisation or user at the Git host'),
      owner: short.optional().describe('Reference of the owning team'),
      system: short
        .optional()
        .describe('Reference of the system that it becomes a part of'),
    }),
    output: nameCheckSchema,
    access: 'signed-in',
    audit: 'no-effect',
  }),
  preview: defineOperation({
    plugin: 'scaffolder',
    name: 'preview',
    summary: 'see what a template would make',
    http: { method: 'POST', path: '/platform/v1/preview' },
    input: previewRequestSchema,
    output: previewSchema,
    access: 'signed-in',
    audit: 'no-effect',
  }),
};
