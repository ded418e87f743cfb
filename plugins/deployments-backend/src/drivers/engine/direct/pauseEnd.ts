import { z } from 'zod';

const UNITS_MS: Record<string, number> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};

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
    CanaryPauseStep: durationMs(
      canary?.steps.at(status.currentStepIndex)?.pause?.duration,
    ),
    // Argo Rollouts takes 0 for none.
    BlueGreenPause: durationMs(blueGreen?.autoPromotionSeconds || undefined),
  };
  const ends = (status.pauseConditions ?? []).map(({ reason, startTime }) => {
    const length = lasts[reason];
    return length === undefined ? Infinity : startTime.getTime() + length;
  });
  // Beside a step's, an analysis that came to nothing may pause without an end.
  const end = Math.max(...ends);
  return Number.isFinite(end) ? new Date(end).toISOString() : undefined;
}

/** A number is of seconds; text too, or as Go writes durations: `1h30m`. */
function durationMs(duration: number | string | undefined): number | undefined {
  if (duration === undefined) return undefined;
  if (/^\d+$/.test(String(duration))) return Number(duration) * 1_000;
  const parts = [...String(duration).matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  return parts.length > 0
    ? parts.reduce((sum, [, n, unit]) => sum + Number(n) * UNITS_MS[unit], 0)
    : undefined;
}
