import { z } from 'zod';
import { deviationEventSchema } from './deviationEvents';
import { deploymentEventSchema } from './events';

/** Whatever stands in the feed; `type` says what it is about. */
export const feedEventSchema = z.union([
  deploymentEventSchema,
  deviationEventSchema,
]);
export type FeedEvent = z.infer<typeof feedEventSchema>;

/** The channel of the backend's signals on which open pages hear that something in the feed is new. */
export const DEPLOYMENTS_CHANNEL = 'deployments:changed';
