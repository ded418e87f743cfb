import { KubernetesObject } from '@highroad/plugin-deployments-node';
import { KubernetesObjectApi } from '@kubernetes/client-node';
import { explain, refusalIn } from './answers';
import { Call } from './calls';
import { dryRun } from './dryRun';

/**
 * The fields of an object that somebody else manages, each with who. The API server itself says so: it applies the object
 * without keeping that. What else it would refuse is left for when it is applied.
 *
 * @param object - as it will be applied
 */
export async function conflictsOf(
  call: Call,
  api: KubernetesObjectApi,
  object: KubernetesObject,
): Promise<string[]> {
  const name = `${object.kind} ${object.metadata.name}`;
  try {
    await call(() => dryRun(api, object, { force: false }));
    return [];
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal || refusal.code === 429 || refusal.code >= 500) {
      throw explain(error, `say who manages ${name}`);
    }
    if (refusal.code !== 409) return [];
    const { causes, message } = refusal;
    return (causes.length > 0 ? causes : [message]).map(
      cause => `${name} ${cause}`,
    );
  }
}
