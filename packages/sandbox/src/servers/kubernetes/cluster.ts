import { ServerDefinition } from '../Server';
import { monitoringKinds } from './monitoringKinds';
import { applyObjects } from './kubectl';

const PORTAL = 'highroad:portal';

/**
 * What the portal may do in the sandbox's cluster: read everything but Secrets, and whatever a plugin is granted by a
 * role of its own. Has no process.
 */
export const cluster: ServerDefinition = {
  name: 'cluster',
  title: 'The cluster, ready for the portal',
  programs: ['kubernetes'],
  needs: ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'],
  ready: async () => true,
  async configure(context) {
    await applyObjects(context, [
      ...monitoringKinds(),
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: PORTAL },
        rules: [
          {
            apiGroups: [''],
            resources: [
              'pods',
              'pods/log',
              'services',
              'configmaps',
              'limitranges',
              'resourcequotas',
              'events',
              'namespaces',
              'nodes',
              'endpoints',
              'persistentvolumeclaims',
              'serviceaccounts',
              'replicationcontrollers',
            ],
            verbs: ['get', 'list', 'watch'],
          },
          {
            apiGroups: [
              'apps',
              'batch',
              'autoscaling',
              'networking.k8s.io',
              'policy',
              'argoproj.io',
              'metrics.k8s.io',
              'discovery.k8s.io',
              'apiextensions.k8s.io',
              'platform.myorg.com',
              'monitoring.coreos.com',
            ],
            resources: ['*'],
            verbs: ['get', 'list', 'watch'],
          },
        ],
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: PORTAL },
        roleRef: {
          apiGroup: 'rbac.authorization.k8s.io',
          kind: 'ClusterRole',
          name: PORTAL,
        },
        subjects: [
          {
            apiGroup: 'rbac.authorization.k8s.io',
            kind: 'Group',
            name: PORTAL,
          },
        ],
      },
    ]);
  },
};
