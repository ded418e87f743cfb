import { KubernetesObject } from '@highroad/plugin-deployments-node';
import { z } from 'zod';
import { Condition } from './Condition';

const KEY = 'platform.prometheus.urlFromCluster';
const canarySchema = z.object({
  spec: z.object({ strategy: z.object({ canary: z.object({}) }) }),
});

/**
 * Says that a canary gets its traffic unjudged, since Argo Rollouts knows no address of Prometheus.
 *
 * @returns a line for each canary; none where there is nothing to judge it by
 */
export function unjudged(
  objects: KubernetesObject[],
  conditions: Condition[],
): string[] {
  if (conditions.length === 0) return [];
  const names = conditions.map(({ name }) => name).join(', ');
  return objects
    .filter(
      object =>
        object.kind === 'Rollout' && canarySchema.safeParse(object).success,
    )
    .map(
      ({ metadata }) =>
        `Rollout ${metadata.name}: not judged by ${names} before it has all the traffic, since ${KEY} is not set`,
    );
}

/**
 * The same for who runs the portal, before anybody deploys.
 *
 * @param prometheus - none where none is connected
 */
export function unjudgedWarning(
  prometheus: { urlFromCluster?: string } | undefined,
  environments: Array<{ name: string; conditions: Condition[] }>,
): string | undefined {
  if (!prometheus || prometheus.urlFromCluster) return undefined;
  const names = environments
    .filter(({ conditions }) => conditions.length > 0)
    .map(({ name }) => name);
  if (names.length === 0) return undefined;
  return `Canaries in ${names.join(
    ', ',
  )} are not judged by the conditions there before they have all the traffic: Argo Rollouts has no token to give, as platform.prometheus.token is. Set ${KEY} to an address at which it may ask without one.`;
}
