import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import {
  buildAnswerSchema,
  buildListSchema,
  logTailSchema,
  sandboxAnswerSchema,
} from './answers';

const whole = z.number().int().min(0);
const mark = z
  .string()
  .max(100)
  .optional()
  .describe('Waits for a change beyond this mark, half a minute at most');
const tail = {
  lines: whole.min(1).max(2000).default(200),
  after: whole
    .optional()
    .describe('Waits for another size than this, half a minute at most'),
};

/** Read only. Signed in is enough: what is answered holds no credentials. */
export const sandboxOperations = {
  status: defineOperation({
    plugin: 'sandbox',
    name: 'status',
    summary: 'see how the sandbox is doing',
    http: { method: 'GET', path: '/v1/status' },
    input: z.object({
      after: whole
        .optional()
        .describe(
          'Waits for a revision beyond this, or for 0 until a sandbox runs; half a minute at most',
        ),
    }),
    output: sandboxAnswerSchema,
    access: 'signed-in',
    audit: 'no-effect',
  }),
  statusSummary: defineOperation({
    plugin: 'sandbox',
    name: 'status-summary',
    summary: 'see in a sentence how the sandbox is doing',
    http: { method: 'GET', path: '/v1/status/summary' },
    input: z.object({}),
    output: z.object({
      running: z.boolean(),
      summary: z.string().describe('The state in a sentence'),
      pods: z
        .string()
        .optional()
        .describe('Whether pods are real or simulated'),
      servers: z.array(
        z.object({
          name: z.string(),
          title: z.string(),
          state: z.string(),
          version: z.string().optional(),
          address: z.string().optional(),
          problem: z.string().optional(),
        }),
      ),
    }),
    access: 'signed-in',
    audit: 'no-effect',
    action: {
      name: 'status',
      title: 'How is the sandbox doing?',
      description:
        'Says whether the real servers of this machine answer, what is still being prepared, which are broken and why, and where each listens. No credentials.',
    },
  }),
  log: defineOperation({
    plugin: 'sandbox',
    name: 'log',
    summary: 'read the log of a server of the sandbox',
    http: { method: 'GET', path: '/v1/logs/:server' },
    input: z.object({ server: z.string(), ...tail }),
    output: logTailSchema,
    access: 'signed-in',
    audit: 'no-effect',
  }),
  builds: defineOperation({
    plugin: 'sandbox',
    name: 'builds',
    summary: 'see the builds of the sandbox',
    http: { method: 'GET', path: '/v1/builds' },
    input: z.object({ after: mark }),
    output: buildListSchema,
    access: 'signed-in',
    audit: 'no-effect',
  }),
  build: defineOperation({
    plugin: 'sandbox',
    name: 'build',
    summary: 'see a build of the sandbox',
    http: { method: 'GET', path: '/v1/builds/:id' },
    input: z.object({ id: z.string(), after: mark }),
    output: buildAnswerSchema,
    access: 'signed-in',
    audit: 'no-effect',
  }),
  buildLog: defineOperation({
    plugin: 'sandbox',
    name: 'build-log',
    summary: 'read the log of a build of the sandbox',
    http: { method: 'GET', path: '/v1/builds/:id/log' },
    input: z.object({ id: z.string(), ...tail }),
    output: logTailSchema,
    access: 'signed-in',
    audit: 'no-effect',
  }),
};
