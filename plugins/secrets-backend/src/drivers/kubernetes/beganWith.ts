import { z } from 'zod';
import { FirstArrival, podSchema, usersIn, waitersIn } from './usesSecret';

/**
 * Times are to the second, of several API servers whose clocks differ a little, and what kubelet knows of a Secret is a moment
 * old: a pod that was made so much later surely has what was written.
 */
export const MARGIN_MS = 5_000;

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

/** What of a Secret was written when. */
export interface Written {
  secret: string;
  /** When it last was, by the cluster's clock */
  since: Date;
  /** Which keys of it matter; all, if left out */
  keys?: string[];
  /** Which of these cannot have been had before; none, if left out */
  first?: FirstArrival;
}

/**
 * Whether pods surely have what was written: each was made well after that, or those of its containers that read it had to
 * wait for it. Where there are no pods, that is not known.
 *
 * When a container began says nothing of what it reads otherwise: files are there before its image is, stay what they are when
 * it begins again, and its environment is made a while before it begins.
 */
export function beganWithAll(pods: unknown[], written: Written): boolean {
  const live = pods
    .map(pod => runningSchema.parse(pod))
    .filter(
      ({ metadata, status }) =>
        !metadata.deletionTimestamp &&
        status.phase !== 'Succeeded' &&
        status.phase !== 'Failed',
    );
  return live.length > 0 && live.every(pod => beganWith(pod, written));
}

function beganWith(
  { metadata, spec, status }: Pod,
  { secret, keys, since, first }: Written,
): boolean {
  const madeAt = metadata.creationTimestamp.getTime();
  if (madeAt > since.getTime() + MARGIN_MS) return true;
  const users = usersIn(spec, secret, keys);
  if (!keys || !first || users === 'all' || users.length === 0) return false;
  const waiters = waitersIn(spec, secret, { keys, first });
  const statuses = new Map(
    [
      ...(status.containerStatuses ?? []),
      ...(status.initContainerStatuses ?? []),
    ].map(one => [one.name, one]),
  );
  return users.every(name => {
    const found = statuses.get(name);
    if (!found || !waiters.includes(name)) return false;
    const { restartCount, state } = found;
    const startedAt = (state.running ?? state.terminated)?.startedAt;
    // What began before had it from elsewhere, such as a Secret that somebody made by hand.
    return startedAt ? startedAt > since : restartCount === 0;
  });
}
