import { z } from 'zod';
import { deviationEventSchema } from './deviationEvents';
import { deploymentEventSchema } from './events';

/** Whatever stands in the feed; `type` says what it is about. */
export const feedEventSchema = z.union([
  deploymentEventSchema,
  deviationEventSchema,
]);
export type FeedEvent = z.infer<typeof feedEventSchema>;
