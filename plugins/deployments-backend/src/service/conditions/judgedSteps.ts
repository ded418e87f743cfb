import { argoDurationMs } from '@highroad/plugin-deployments-node';
import { z } from 'zod';

/** A step of a canary, as manifests hold it. */
type Step = Record<string, unknown>;

const weightSchema = z.object({ setWeight: z.number() });
const pauseSchema = z.object({
  pause: z
    .object({ duration: z.union([z.number(), z.string()]).optional() })
    .nullable(),
});

/**
 * The steps of a canary with one before each that gives it more traffic, and before it gets all of it, so that no share
 * passes unjudged. Before its first traffic there is nothing to judge. The steps that were there stay as they are.
 *
 * @param options.window - seconds that it is judged by; what the steps pause for already is waited for only once
 * @param options.whole - the weight that is all the traffic
 * @param options.judge - makes the step that judges, after so many seconds
 */
export function judgedSteps(
  steps: Step[],
  options: {
    window: number;
    whole: number;
    judge: (afterSeconds: number) => Step;
  },
): Step[] {
  const { window, whole, judge } = options;
  const judged: Step[] = [];
  let weight = 0;
  let waited = 0;
  const judgeBefore = (next: number) => {
    if (weight === 0 || next <= weight) return;
    judged.push(judge(Math.max(0, Math.ceil(window - waited))));
  };
  for (const step of steps) {
    const next = weightOf(step);
    if (next === undefined) {
      waited += pauseOf(step);
    } else {
      judgeBefore(next);
      weight = next;
      waited = 0;
    }
    judged.push(step);
  }
  judgeBefore(whole);
  return judged;
}

/** The first step at which a canary has traffic, counted from 0; nothing where it gets none before it gets all. */
export function firstWithTraffic(steps: Step[]): number | undefined {
  const at = steps.findIndex(step => (weightOf(step) ?? 0) > 0);
  return at < 0 ? undefined : at + 1;
}

function weightOf(step: Step): number | undefined {
  const read = weightSchema.safeParse(step);
  return read.success ? read.data.setWeight : undefined;
}

/** Seconds. How long one without an end lasts, somebody decides who looks. */
function pauseOf(step: Step): number {
  const read = pauseSchema.safeParse(step);
  if (!read.success) return 0;
  const duration = read.data.pause?.duration;
  if (duration === undefined) return Infinity;
  return (argoDurationMs(duration) ?? 0) / 1_000;
}
