import {
  CustomObjectsApi,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
} from '@kubernetes/client-node';

/** Changes the status of a Rollout, in which Argo Rollouts takes its orders. */
export async function patchStatus(
  config: KubeConfig,
  place: { name: string; namespace: string },
  status: object,
): Promise<void> {
  await config
    .makeApiClient(CustomObjectsApi)
    .patchNamespacedCustomObjectStatus(
      {
        group: 'argoproj.io',
        version: 'v1alpha1',
        plural: 'rollouts',
        ...place,
        body: { status },
      },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
}
