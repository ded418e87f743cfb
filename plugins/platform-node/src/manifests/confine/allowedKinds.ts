import { KubernetesObject } from '../KubernetesObject';

/** Everything that a repository may bring about; all of it is namespaced and gives nobody any rights. */
const ALLOWED: Record<string, string[]> = {
  'apps/v1': ['Deployment'],
  'argoproj.io/v1alpha1': ['Rollout', 'AnalysisTemplate'],
  v1: ['Service', 'ConfigMap', 'ServiceAccount'],
  'networking.k8s.io/v1': ['Ingress', 'NetworkPolicy'],
  'autoscaling/v2': ['HorizontalPodAutoscaler'],
  'policy/v1': ['PodDisruptionBudget'],
  'batch/v1': ['Job', 'CronJob'],
  'monitoring.coreos.com/v1': [
    'ServiceMonitor',
    'PodMonitor',
    'PrometheusRule',
  ],
};

/** Why some kinds that people try are refused. */
const WHY: Record<string, string> = {
  Secret:
    'values of secrets do not belong into a repository; keep them in the secret store, which makes the Secret',
  Namespace: 'the platform makes the namespace',
  ResourceQuota: 'the platform sets the quota',
  LimitRange: 'the platform sets the quota',
  Pod: 'nothing would replace it; use a Deployment or a Job',
  StatefulSet:
    'the platform shifts traffic between Deployments and Rollouts only; ask the platform team for a database',
  DaemonSet: 'what runs on every node is the platform team’s',
};

/** @returns what is wrong with the kind of an object, in words */
export function problemOfKind(object: KubernetesObject): string | undefined {
  const { apiVersion, kind } = object;
  if (ALLOWED[apiVersion]?.includes(kind)) return undefined;
  const group = apiVersion.split('/')[0];
  if (group.endsWith('rbac.authorization.k8s.io'))
    return 'a repository gives nobody rights in the cluster; ask the platform team';
  const version = Object.keys(ALLOWED).find(one => ALLOWED[one].includes(kind));
  if (version && version.split('/')[0] === group)
    return `write apiVersion: ${version}`;
  const why = Object.hasOwn(WHY, kind) ? WHY[kind] : undefined;
  return (
    why ??
    `${apiVersion} ${kind} is not among what a repository may bring about`
  );
}
