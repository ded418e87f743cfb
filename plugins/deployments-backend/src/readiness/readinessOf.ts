import { Readiness } from '@highroad/plugin-deployments-common';
import { KubernetesObject } from '@highroad/plugin-platform-node/kubernetes';
import { z } from 'zod';

const count = z.number().nullish();
/** What Deployments and Rollouts have in common. */
const workloadSchema = z.object({
  spec: z.object({ replicas: count }).default({}),
  status: z.object({ readyReplicas: count }).default({}),
});

/** Kubernetes leaves out what is zero, and wants one where nothing is said. */
export function readinessOf(workload: KubernetesObject): Readiness {
  const { spec, status } = workloadSchema.parse(workload);
  return { wanted: spec.replicas ?? 1, ready: status.readyReplicas ?? 0 };
}

/** As little of a workload as is needed to say how its pods are: there may be thousands. */
export function reduce(workload: KubernetesObject): KubernetesObject {
  const { apiVersion, kind, metadata } = workload;
  const { name, namespace, labels, resourceVersion } = metadata;
  return {
    ...{ apiVersion, kind },
    metadata: { name, namespace, labels, resourceVersion },
    ...workloadSchema.parse(workload),
  };
}
