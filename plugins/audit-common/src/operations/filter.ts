import { doors, zonedTime } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { outcomes } from '../record/RecordBody';

const name = z
  .string()
  .min(1)
  .max(300)
  // PostgreSQL keeps no text with it.
  .regex(/^[^\0]*$/, 'leave the character NUL out');
const time = zonedTime('write a time such as 2026-01-31T12:00:00Z');

/** What people search records by. Everything that is given must fit. */
export const recordFilterShape = {
  service: name
    .optional()
    .describe('Reference of a service, such as component:default/cart'),
  environment: name.optional(),
  actor: name
    .optional()
    .describe('Who did it: an entity reference, or the subject of a token'),
  event: name
    .optional()
    .describe(
      'What happened, such as deployments.create; with the plugin’s name',
    ),
  door: z.enum(doors).optional(),
  outcome: z
    .enum([...outcomes, 'open'])
    .optional()
    .describe('How it ended; "open" for what has not ended'),
  correlation: name.optional(),
  key: z
    .string()
    .regex(
      /^[\w.-]{1,253}$/,
      'write the name of a secret, such as DATABASE_URL: letters, digits, "_", "-" and "."',
    )
    .optional()
    .describe(
      'Name of a secret of the service, which is to be named too, such as DATABASE_URL',
    ),
  since: time.optional().describe('From this time on'),
  until: time.optional().describe('Before this time'),
};

export const recordFilterSchema = z.object(recordFilterShape);
export type RecordFilter = z.infer<typeof recordFilterSchema>;
