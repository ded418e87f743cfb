const GROUP = 'monitoring.coreos.com';

/**
 * Definitions of the Prometheus Operator's kinds that services bring along, so that their manifests can be applied. No
 * operator acts on them here, and any content is taken: the sandbox's Prometheus looks for pods by itself.
 *
 * @see https://prometheus-operator.dev/docs/api-reference/api/
 */
export function monitoringKinds(): object[] {
  return [
    kind('ServiceMonitor', 'servicemonitors'),
    kind('PrometheusRule', 'prometheusrules'),
  ];
}

function kind(name: string, plural: string): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: 'Namespaced',
      names: { kind: name, plural, singular: name.toLowerCase() },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  'x-kubernetes-preserve-unknown-fields': true,
                },
              },
            },
          },
        },
      ],
    },
  };
}
