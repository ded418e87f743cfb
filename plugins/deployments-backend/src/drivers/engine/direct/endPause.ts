import { KubernetesObject } from '@highroad/plugin-deployments-node';
import { KubernetesObjectApi, PatchStrategy } from '@kubernetes/client-node';
import { z } from 'zod';
import { FIELD_MANAGER } from './namespaceObjects';

const pausedSchema = z.object({
  spec: z.object({ paused: z.boolean().optional() }).optional(),
});

/**
 * Ends a pause that somebody made while another version was shifted, so that it does not hold up this one. One that the
 * manifests ask for themselves stays.
 *
 * @param object - as it was applied
 * @param there - what the API server made of it
 */
export async function endPause(
  api: KubernetesObjectApi,
  object: KubernetesObject,
  there: unknown,
): Promise<void> {
  const isPaused = pausedSchema.parse(there).spec?.paused === true;
  const wanted = pausedSchema.parse(object).spec?.paused;
  if (!isPaused || wanted !== undefined) return;
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const free = {
    ...{ apiVersion, kind, metadata: { name, namespace } },
    spec: { paused: null },
  };
  await api.patch(
    free,
    ...([undefined, undefined, FIELD_MANAGER, undefined] as const),
    PatchStrategy.MergePatch,
  );
}
