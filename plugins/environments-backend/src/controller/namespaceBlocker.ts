import { KubernetesObject } from '@highroad/plugin-platform-node/kubernetes';
import { z } from 'zod';

/** Conditions of a namespace that say what is left of it. */
const REMAINING = [
  'NamespaceFinalizersRemaining',
  'NamespaceContentRemaining',
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
  'NamespaceDeletionContentFailure',
];

const namespaceSchema = z.object({
  metadata: z.object({ finalizers: z.array(z.string()).default([]) }),
  status: z
    .object({
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            message: z.string().default(''),
          }),
        )
        .default([]),
    })
    .default({}),
});

/** Whoever removes namespaces says soon what is left of one. */
const SILENT =
  'the cluster does not say what is left in it. Its controller manager, which removes namespaces, may be down or behind';

/**
 * What keeps a namespace from going, in the words of the cluster, which names kinds and finalizers.
 *
 * @param silentTooLong - whether a cluster that says nothing of it should have by now
 */
export function namespaceBlocker(
  namespace: KubernetesObject,
  { silentTooLong }: { silentTooLong: boolean },
): string | undefined {
  const { metadata, status } = namespaceSchema.parse(namespace);
  const said = status.conditions
    .filter(({ type, status: is }) => is === 'True' && REMAINING.includes(type))
    .map(({ message }) => message);
  if (metadata.finalizers.length > 0) {
    said.push(
      `the namespace has the finalizer ${metadata.finalizers.join(', ')}`,
    );
  }
  if (said.length > 0) return said.join('; ');
  return silentTooLong ? SILENT : undefined;
}
