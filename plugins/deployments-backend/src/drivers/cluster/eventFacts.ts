import { z } from 'zod';
import { EventFacts } from './Look';

const time = z.preprocess(
  value => value ?? undefined,
  z.coerce.date().optional(),
);
const eventSchema = z.object({
  metadata: z.object({ creationTimestamp: time }),
  involvedObject: z.object({
    kind: z.string().default('Object'),
    name: z.string().default(''),
  }),
  reason: z.string().default(''),
  message: z.string().default(''),
  type: z.string().default('Normal'),
  count: z.preprocess(value => value ?? 1, z.number()),
  lastTimestamp: time,
  eventTime: time,
});

/**
 * What an Event of a cluster tells.
 *
 * @throws ZodError for what is none
 */
export function eventFacts(object: unknown): EventFacts {
  const read = eventSchema.parse(object);
  return {
    at:
      read.lastTimestamp ??
      read.eventTime ??
      read.metadata.creationTimestamp ??
      new Date(0),
    ...read.involvedObject,
    reason: read.reason,
    message: read.message,
    warning: read.type === 'Warning',
    count: read.count,
  };
}
