import { KubernetesObjectApi, PatchStrategy } from '@kubernetes/client-node';

/**
 * Changes the status of an object, which Argo Rollouts takes its orders in. Its CRD has no status of its own to be
 * written apart, so the object is patched as a whole.
 */
export async function patchStatus(
  api: KubernetesObjectApi,
  header: {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace: string };
  },
  status: object,
): Promise<void> {
  await api.patch(
    { ...header, status },
    ...([undefined, undefined, undefined, undefined] as const),
    PatchStrategy.MergePatch,
  );
}
