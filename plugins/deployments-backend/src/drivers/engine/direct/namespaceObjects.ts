import {
  ENVIRONMENT_ANNOTATION,
  SERVICE_ANNOTATION,
} from '@highroad/plugin-platform-node/kubernetes';
import {
  Destination,
  KubernetesObject,
} from '@highroad/plugin-deployments-node';

/** Who writes, as Kubernetes keeps it for every field. */
export const FIELD_MANAGER = 'highroad';
/** The account that manifests are applied as. It may change what a repository may hold, in this namespace, and no more. */
export const DEPLOYER = 'highroad-deployer';

const WRITE = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];

/** What makes a namespace the service's own, in the order in which it is applied. */
export function namespaceObjects(destination: Destination): KubernetesObject[] {
  const { namespace, environment, service } = destination;
  const labels = {
    'app.kubernetes.io/managed-by': 'highroad',
    'platform.myorg.com/environment': environment,
  };
  const named = (
    apiVersion: string,
    kind: string,
    name: string,
    rest: object,
  ) => ({
    apiVersion,
    kind,
    metadata: { name, namespace, labels },
    ...rest,
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
        annotations: {
          [SERVICE_ANNOTATION]: service,
          [ENVIRONMENT_ANNOTATION]: environment,
        },
      },
    },
    // Of what is requested, never of limits: a quota of those would refuse every pod without them, also where a deviation
    // lets it pass.
    named('v1', 'ResourceQuota', 'highroad', {
      spec: {
        hard: {
          'requests.cpu': '20',
          'requests.memory': '40Gi',
          pods: '100',
          'services.loadbalancers': '0',
          'services.nodeports': '0',
        },
      },
    }),
    // What a container counts for that requests nothing, where a deviation lets it pass.
    named('v1', 'LimitRange', 'highroad', {
      spec: {
        limits: [
          {
            type: 'Container',
            defaultRequest: { cpu: '100m', memory: '128Mi' },
          },
        ],
      },
    }),
    named('v1', 'ServiceAccount', DEPLOYER, {
      automountServiceAccountToken: false,
    }),
    named('rbac.authorization.k8s.io/v1', 'Role', DEPLOYER, {
      rules: [
        rule('', ['services', 'configmaps', 'serviceaccounts']),
        rule('apps', ['deployments']),
        rule('argoproj.io', ['rollouts', 'analysistemplates']),
        rule('networking.k8s.io', ['ingresses', 'networkpolicies']),
        rule('autoscaling', ['horizontalpodautoscalers']),
        rule('policy', ['poddisruptionbudgets']),
        rule('batch', ['jobs', 'cronjobs']),
        rule('monitoring.coreos.com', [
          'servicemonitors',
          'podmonitors',
          'prometheusrules',
        ]),
      ],
    }),
    named('rbac.authorization.k8s.io/v1', 'RoleBinding', DEPLOYER, {
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'Role',
        name: DEPLOYER,
      },
      subjects: [{ kind: 'ServiceAccount', name: DEPLOYER, namespace }],
    }),
  ];
}

/** The name under which Kubernetes knows the account. */
export function deployerOf(namespace: string): string {
  return `system:serviceaccount:${namespace}:${DEPLOYER}`;
}

function rule(apiGroup: string, resources: string[]) {
  return { apiGroups: [apiGroup], resources, verbs: WRITE };
}
