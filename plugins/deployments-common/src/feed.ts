import { z } from 'zod';
import { deviationEventSchema } from './deviationEvents';
import { deploymentEventSchema } from './events';

/** Whatever is written to the feed; `type` says what it is about. */
export const feedEventSchema = z.union([
  deploymentEventSchema,
  deviationEventSchema,
]);
export type FeedEvent = z.infer<typeof feedEventSchema>;

/**
 * What a later version has written, before somebody went back to this one. It is passed on as it is, for a reader that knows it or
 * keeps what it does not know.
 */
const laterEventSchema = z.object({
  ...deploymentEventSchema.shape,
  type: z.string(),
  data: z.object({ service: z.string() }).passthrough(),
});

/** Whatever stands in the feed. */
export const feedItemSchema = z.union([feedEventSchema, laterEventSchema]);
export type FeedItem = z.infer<typeof feedItemSchema>;

/** The channel of the backend's signals on which open pages hear that something in the feed is new. */
export const DEPLOYMENTS_CHANNEL = 'deployments:changed';
