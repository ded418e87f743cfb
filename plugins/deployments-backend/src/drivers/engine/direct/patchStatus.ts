import {
  CustomObjectsApi,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
} from '@kubernetes/client-node';

/**
 * Changes the status of a Rollout, in which Argo Rollouts takes its orders.
 *
 * @param resourceVersion - as it was read; the API server refuses (409) if it has changed since
 */
export async function patchStatus(
  config: KubeConfig,
  place: { name: string; namespace: string },
  status: object,
  resourceVersion?: string,
): Promise<void> {
  await config
    .makeApiClient(CustomObjectsApi)
    .patchNamespacedCustomObjectStatus(
      {
        group: 'argoproj.io',
        version: 'v1alpha1',
        plural: 'rollouts',
        ...place,
        body: {
          ...(resourceVersion && { metadata: { resourceVersion } }),
          status,
        },
      },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
}
