import { KubernetesObjectApi } from '@kubernetes/client-node';
import { KubernetesObject } from '@highroad/plugin-deployments-node';
import { isDeepStrictEqual } from 'node:util';
import { isNotFound, refusalIn } from './answers';
import { dryRun } from './dryRun';

/**
 * Whether applying an object would change nothing. The API server itself says so: it applies it without keeping that.
 *
 * @param object - with the label of the deployment that applied it
 */
export async function isApplied(
  api: KubernetesObjectApi,
  object: KubernetesObject,
): Promise<boolean> {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  try {
    const there = await api.read({
      apiVersion,
      kind,
      metadata: { name, namespace },
    });
    const then = await dryRun(api, object, { force: false });
    return isDeepStrictEqual(withoutManagers(there), withoutManagers(then));
  } catch (error) {
    // Gone, changed by somebody else, or not to be had any more: not as it was applied, in any case.
    const refusal = refusalIn(error);
    if (isNotFound(error) || (refusal && refusal.code < 500)) return false;
    throw error;
  }
}

/** Who wrote which field, and when, is no part of what is there. */
function withoutManagers(object: unknown): unknown {
  const plain: unknown = JSON.parse(JSON.stringify(object));
  if (isRecord(plain) && isRecord(plain.metadata)) {
    delete plain.metadata.managedFields;
  }
  return plain;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
