import { z } from 'zod';

/** How the containers of a pod stand, as `status.containerStatuses` says it. */
const containerStatusesSchema = z
  .array(
    z.object({
      name: z.string(),
      image: z.string().optional(),
      restartCount: z.number().default(0),
      state: z
        .object({
          waiting: z
            .object({
              reason: z.string().optional(),
              message: z.string().optional(),
            })
            .optional(),
        })
        .default({}),
      lastState: z
        .object({
          terminated: z.object({ exitCode: z.number().optional() }).optional(),
        })
        .default({}),
    }),
  )
  .default([]);

/** What is read of a pod to say how it is doing. */
export const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    creationTimestamp: z.coerce.date(),
    deletionTimestamp: z.string().optional(),
  }),
  status: z
    .object({
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            reason: z.string().optional(),
            message: z.string().optional(),
          }),
        )
        .default([]),
      initContainerStatuses: containerStatusesSchema,
      containerStatuses: containerStatusesSchema,
    })
    .default({}),
});
export type Pod = z.output<typeof podSchema>;
