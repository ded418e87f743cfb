import { argoDurationMs } from '@highroad/plugin-deployments-node';
import { z } from 'zod';

const rolloutSchema = z.object({
  spec: z.object({
    paused: z.boolean().optional(),
    strategy: z
      .object({
        canary: z
          .object({
            steps: z
              .array(
                z.object({
                  pause: z
                    .object({
                      duration: z.union([z.number(), z.string()]).optional(),
                    })
                    .nullish(),
                }),
              )
              .default([]),
          })
          .optional(),
        blueGreen: z
          .object({ autoPromotionSeconds: z.number().optional() })
          .optional(),
      })
      .default({}),
  }),
  status: z
    .object({
      currentStepIndex: z.number().default(0),
      pauseConditions: z
        .array(z.object({ reason: z.string(), startTime: z.coerce.date() }))
        .nullish(),
    })
    .default({}),
});

/**
 * When the pause that a Rollout is in is over by itself; nothing where it has no end, or a person paused it.
 *
 * @see https://argo-rollouts.readthedocs.io/en/stable/features/specification/
 */
export function pauseEnd(found: unknown): string | undefined {
  const { spec, status } = rolloutSchema.parse(found);
  if (spec.paused) return undefined;
  const { canary, blueGreen } = spec.strategy;
  const lasts: Record<string, number | undefined> = {
    CanaryPauseStep: argoDurationMs(
      canary?.steps.at(status.currentStepIndex)?.pause?.duration,
    ),
    // Argo Rollouts takes 0 for none.
    BlueGreenPause: argoDurationMs(
      blueGreen?.autoPromotionSeconds || undefined,
    ),
  };
  const ends = (status.pauseConditions ?? []).map(({ reason, startTime }) => {
    const length = lasts[reason];
    return length === undefined ? Infinity : startTime.getTime() + length;
  });
  // Beside a step's, an analysis that came to nothing may pause without an end.
  const end = Math.max(...ends);
  return Number.isFinite(end) ? new Date(end).toISOString() : undefined;
}
