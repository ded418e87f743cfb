import { z } from 'zod';
import { podSchema, usersIn } from './usesSecret';

const writtenSchema = z.object({
  metadata: z.object({
    managedFields: z
      .array(
        z.object({
          manager: z.string().optional(),
          time: z.coerce.date().optional(),
        }),
      )
      .default([]),
  }),
});

const beganSchema = z.object({ startedAt: z.coerce.date().nullish() });
const statusesSchema = z
  .array(
    z.object({
      name: z.string(),
      restartCount: z.number().default(0),
      state: z
        .object({
          waiting: z.unknown(),
          running: beganSchema.nullish(),
          terminated: beganSchema.nullish(),
        })
        .default({}),
    }),
  )
  .nullish();
const runningSchema = z.object({
  metadata: z.object({
    creationTimestamp: z.coerce.date(),
    deletionTimestamp: z.unknown(),
  }),
  spec: podSchema,
  status: z
    .object({
      phase: z.string().optional(),
      containerStatuses: statusesSchema,
      initContainerStatuses: statusesSchema,
    })
    .default({}),
});
type Pod = z.output<typeof runningSchema>;

/**
 * When a manager last changed an object, by the cluster's own clock, to the second.
 *
 * @returns nothing where the cluster does not say
 */
export function writtenAt(object: unknown, manager: string): Date | undefined {
  const { managedFields } = writtenSchema.parse(object).metadata;
  const times = managedFields.flatMap(one =>
    one.manager === manager && one.time ? [one.time.getTime()] : [],
  );
  return times.length > 0 ? new Date(Math.max(...times)) : undefined;
}

/** As lists of pods take it. @returns nothing for a selector that is not of labels alone */
export function labelSelector(selector: {
  matchLabels?: Record<string, string> | null;
  matchExpressions?: unknown[] | null;
}): string | undefined {
  if (selector.matchExpressions?.length) return undefined;
  const labels = Object.entries(selector.matchLabels ?? {});
  if (labels.length === 0) return undefined;
  return labels.map(([name, value]) => `${name}=${value}`).join(',');
}

/**
 * Whether pods have what a Secret holds since some time: each was made after that, or those of its containers that read it began
 * after that, as where they waited for it. Where there are no pods, that is not known.
 *
 * @param options.keys - which of it matters; all, if left out
 */
export function beganWithAll(
  pods: unknown[],
  options: { secret: string; keys?: string[]; since: Date },
): boolean {
  const live = pods
    .map(pod => runningSchema.parse(pod))
    .filter(
      ({ metadata, status }) =>
        !metadata.deletionTimestamp &&
        status.phase !== 'Succeeded' &&
        status.phase !== 'Failed',
    );
  return live.length > 0 && live.every(pod => beganWith(pod, options));
}

function beganWith(
  { metadata, spec, status }: Pod,
  { secret, keys, since }: { secret: string; keys?: string[]; since: Date },
): boolean {
  // Times are to the second: what is of the same one may be earlier.
  if (metadata.creationTimestamp > since) return true;
  const users = usersIn(spec, secret, keys);
  const all = [
    ...(status.containerStatuses ?? []),
    ...(status.initContainerStatuses ?? []),
  ];
  const some = all.filter(
    ({ name }) => users === 'all' || users.includes(name),
  );
  if (some.length === 0) return false;
  return some.every(({ restartCount, state }) => {
    const startedAt = (state.running ?? state.terminated)?.startedAt;
    // It waits to begin for the first time: with what is there then.
    return startedAt ? startedAt > since : restartCount === 0;
  });
}
