import { z } from 'zod';
import { MARGIN_MS } from './beganWith';
import { podSchema, usesSecret } from './usesSecret';

const liveSchema = z.object({
  metadata: z.object({
    name: z.string(),
    creationTimestamp: z.coerce.date(),
    ownerReferences: z
      .array(z.object({ kind: z.string(), controller: z.boolean().nullish() }))
      .nullish(),
  }),
  spec: podSchema,
  status: z.object({ phase: z.string().optional() }).default({}),
});
type Live = z.output<typeof liveSchema>;

/** Pods of these are replaced where what they read is; those of others end when they do. */
const RESTARTED = ['ReplicaSet', 'StatefulSet', 'DaemonSet'];

/**
 * Pods that may have what one of some keys was before, also while they end.
 *
 * @param changed.since - when these became others, by the cluster's clock, to the second; left out, no pod has the newest
 * @returns their names
 */
export function podsBefore(
  pods: unknown[],
  changed: { secret: string; keys: string[]; since?: Date },
): string[] {
  const { secret, keys, since } = changed;
  return pods
    .map(pod => liveSchema.parse(pod))
    .filter(
      ({ status }) => !['Succeeded', 'Failed'].includes(status.phase ?? ''),
    )
    .filter(({ spec }) => usesSecret(spec, secret, keys))
    .filter(pod => !since || isBefore(pod, since))
    .map(({ metadata }) => metadata.name)
    .sort();
}

function isBefore({ metadata }: Live, since: Date): boolean {
  const { creationTimestamp, ownerReferences } = metadata;
  const owner = (ownerReferences ?? []).find(one => one.controller);
  // Those made in the same moment have been replaced, if they had to be.
  return RESTARTED.includes(owner?.kind ?? '')
    ? creationTimestamp < since
    : creationTimestamp.getTime() <= since.getTime() + MARGIN_MS;
}
