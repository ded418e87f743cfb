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

/** What keeps a namespace from going, in the words of the cluster, which names kinds and finalizers. */
export function namespaceBlocker(
  namespace: KubernetesObject,
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
  return said.length > 0 ? said.join('; ') : undefined;
}
