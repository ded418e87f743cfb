import { KubernetesObject } from '@highroad/plugin-deployments-node';
import { withoutAnalysis } from './conditions/analysis';

/** As many versions as Argo Rollouts keeps ReplicaSets of, if it isn't told otherwise. */
const REVISIONS = 10;

/**
 * What was applied, as it is put back: at once rather than step by step, and however it is measured now. Its steps were
 * gone through when it was new.
 *
 * @see https://argo-rollouts.readthedocs.io/en/stable/features/rollback/
 */
export function asRollback(objects: KubernetesObject[]): KubernetesObject[] {
  return withoutAnalysis(objects).map(object => {
    const { kind, spec } = object;
    if (kind !== 'Rollout' || typeof spec !== 'object' || spec === null) {
      return object;
    }
    return {
      ...object,
      spec: { rollbackWindow: { revisions: REVISIONS }, ...spec },
    };
  });
}
