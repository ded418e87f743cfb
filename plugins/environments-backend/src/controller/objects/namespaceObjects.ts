import {
  ENVIRONMENT_UID_LABEL,
  OWNER_ANNOTATION,
} from '@highroad/plugin-environments-common';
import { KubernetesObject } from '@highroad/plugin-platform-node/kubernetes';
import { Target } from '../Target';
import { USUAL } from './containerLimits';
import { egressRules } from './egressRules';

/** What makes a namespace an environment's own: its limits, and that nothing reaches it from other environments, and it reaches only what it may. */
export function namespaceObjects(target: Target): KubernetesObject[] {
  const { namespace, labels, owner, settings } = target;
  const { cpu, memory, pods } = settings.limits;
  const named = (apiVersion: string, kind: string, name: string) => ({
    apiVersion,
    kind,
    metadata: { name, namespace, labels },
  });
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: namespace,
        labels: {
          ...labels,
          'pod-security.kubernetes.io/enforce': 'restricted',
          'pod-security.kubernetes.io/enforce-version': 'latest',
        },
        annotations: { [OWNER_ANNOTATION]: owner },
      },
    },
    {
      ...named('v1', 'ResourceQuota', 'environment'),
      spec: {
        hard: {
          'limits.cpu': cpu,
          'limits.memory': memory,
          'requests.cpu': cpu,
          'requests.memory': memory,
          pods: String(pods),
          'services.loadbalancers': '0',
          'services.nodeports': '0',
        },
      },
    },
    {
      // A pod that does not say what it needs gets this, since the quota counts everybody.
      ...named('v1', 'LimitRange', 'environment'),
      spec: {
        limits: [
          {
            type: 'Container',
            defaultRequest: USUAL.requests,
            default: USUAL.limits,
          },
        ],
      },
    },
    {
      ...named('networking.k8s.io/v1', 'NetworkPolicy', 'environment'),
      spec: {
        podSelector: {},
        policyTypes: ['Ingress', 'Egress'],
        egress: egressRules(target),
        ingress: [
          {
            from: [
              { podSelector: {} },
              // The ingress and what watches over the cluster, but no other environment.
              {
                namespaceSelector: {
                  matchExpressions: [
                    { key: ENVIRONMENT_UID_LABEL, operator: 'DoesNotExist' },
                  ],
                },
              },
            ],
          },
        ],
      },
    },
  ];
}
