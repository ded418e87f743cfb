import { KubernetesObject } from '@highroad/plugin-deployments-node';
import { KubernetesObjectApi } from '@kubernetes/client-node';
import { z } from 'zod';
import { isNotFound } from './answers';

/** Argo Rollouts puts it into the selectors of the Services that it steers. */
const POD_HASH = 'rollouts-pod-template-hash';

const name = z.string().optional();
const rolloutSchema = z.object({
  spec: z.object({
    strategy: z
      .object({
        canary: z
          .object({ stableService: name, canaryService: name })
          .optional(),
        blueGreen: z
          .object({ activeService: name, previewService: name })
          .optional(),
      })
      .default({}),
  }),
});
const serviceSchema = z.object({
  spec: z
    .object({ selector: z.record(z.string()).default({}) })
    .passthrough()
    .default({}),
});

/**
 * Services by which a Rollout leads traffic, with the pods that it leads each to now: Kubernetes takes a selector for one
 * value, so that one without them would be a conflict, or lead the traffic of one version to all.
 *
 * @param objects - all that is applied together
 * @returns the object as it is to be applied; what no Rollout steers is as it was
 */
export async function asSteered(
  api: KubernetesObjectApi,
  object: KubernetesObject,
  objects: KubernetesObject[],
  namespace: string,
): Promise<KubernetesObject> {
  const { apiVersion, kind, metadata } = object;
  if (kind !== 'Service' || !steeredIn(objects).has(metadata.name)) {
    return object;
  }
  const there = await api
    .read({ apiVersion, kind, metadata: { name: metadata.name, namespace } })
    .catch(error => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
  if (!there) return object;
  const hash = serviceSchema.parse(there).spec.selector[POD_HASH];
  if (hash === undefined) return object;
  const { spec } = serviceSchema.parse(object);
  return {
    ...object,
    spec: { ...spec, selector: { ...spec.selector, [POD_HASH]: hash } },
  };
}

function steeredIn(objects: KubernetesObject[]): Set<string | undefined> {
  return new Set(
    objects
      .filter(({ kind }) => kind === 'Rollout')
      .flatMap(object => {
        const { canary, blueGreen } = rolloutSchema.parse(object).spec.strategy;
        return [
          ...[canary?.stableService, canary?.canaryService],
          ...[blueGreen?.activeService, blueGreen?.previewService],
        ];
      }),
  );
}
