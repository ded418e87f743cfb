import { z } from 'zod';
import { phases } from './status';

/** CDEvents 0.4 types where there are some, and our own. */
export const environmentEventTypes = [
  'dev.cdevents.environment.created.0.2.0',
  'dev.cdevents.environment.modified.0.2.0',
  'dev.cdevents.environment.deleted.0.2.0',
  /** It came into another phase */
  'com.myorg.platform.environment.changed.1',
] as const;

/**
 * What happened to an environment: a CloudEvent 1.0, kept. Readers go on from the last `seq` that they have seen.
 */
export const environmentFeedEventSchema = z.object({
  seq: z.number().int().positive(),
  specversion: z.literal('1.0'),
  id: z.string(),
  source: z.string(),
  type: z.enum(environmentEventTypes),
  /** uid of its resource */
  subject: z.string(),
  time: z.string(),
  data: z.object({
    name: z.string(),
    home: z.string(),
    phase: z.enum(phases),
    message: z.string(),
    owner: z.string().optional(),
    url: z.string().optional(),
    createdAt: z.string(),
    expiresAt: z.string().optional(),
    services: z.array(z.object({ name: z.string(), image: z.string() })),
    pullRequest: z
      .object({
        host: z.string(),
        repository: z.string(),
        number: z.number(),
        commit: z.string(),
      })
      .optional(),
  }),
});
export type EnvironmentFeedEvent = z.infer<typeof environmentFeedEventSchema>;
