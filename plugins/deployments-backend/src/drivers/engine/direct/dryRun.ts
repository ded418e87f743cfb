import { KubernetesObject } from '@highroad/plugin-deployments-node';
import { KubernetesObjectApi, PatchStrategy } from '@kubernetes/client-node';
import { FIELD_MANAGER } from './namespaceObjects';

/**
 * What the API server would make of an object if it were applied. It keeps nothing of it.
 *
 * @param options.force - as if fields that somebody else manages were taken over
 * @throws what the API server answers where it refuses it
 */
export function dryRun(
  api: KubernetesObjectApi,
  object: KubernetesObject,
  options: { force: boolean },
): Promise<unknown> {
  return api.patch(
    object,
    undefined,
    'All',
    FIELD_MANAGER,
    options.force,
    PatchStrategy.ServerSideApply,
  );
}
