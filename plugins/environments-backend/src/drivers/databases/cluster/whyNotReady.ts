import { z } from 'zod';

const podSchema = z.object({
  metadata: z.object({ deletionTimestamp: z.string().optional() }),
  status: z
    .object({
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            message: z.string().optional(),
          }),
        )
        .default([]),
      containerStatuses: z
        .array(
          z.object({
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
          }),
        )
        .default([]),
    })
    .default({}),
});

/**
 * @param pod - as the cluster gives it; undefined where there is none yet
 * @returns why a database's pod takes no connections, in words; undefined where it does
 */
export function whyNotReady(pod: object | undefined): string | undefined {
  if (!pod) return 'Its pod is being started.';
  const { metadata, status } = podSchema.parse(pod);
  if (metadata.deletionTimestamp) return 'Its pod is being ended.';
  const is = (type: string) =>
    status.conditions.find(condition => condition.type === type);
  if (is('Ready')?.status === 'True') return undefined;
  const scheduled = is('PodScheduled');
  if (scheduled?.status === 'False') {
    return `Its pod has no place in the cluster: ${scheduled.message ?? ''}`;
  }
  const [container] = status.containerStatuses;
  const { reason, message } = container?.state.waiting ?? {};
  const starting = !reason || reason === 'ContainerCreating';
  if (!starting) {
    return `Its pod does not start: ${reason}${message ? `, ${message}` : ''}.`;
  }
  return container && container.restartCount > 0
    ? `Its pod was started again (${container.restartCount} times) and is not ready yet.`
    : 'Its pod is being started.';
}
