import { KubernetesObject } from '../KubernetesObject';
import { isRecord, valueAt } from '../valueAt';

/** The parts of Rollouts' traffic routing that name what Argo Rollouts looks for in other namespaces too. */
const NAMES_WITH_NAMESPACE =
  /^(virtualService|virtualServices|destinationRule)$/;
const EMPTY: Record<string, unknown> = {};
const SERVER_ALIAS = /(^|\/)server-alias$/;

/**
 * What would shift, or take, traffic of others: Argo Rollouts and the ingress controller have more rights than whoever
 * writes a Rollout or an Ingress.
 *
 * @param hosts - those that an Ingress may name, or a canary's beside it; any if left out
 */
export function problemsOfTraffic(
  object: KubernetesObject,
  hosts?: string[],
): string[] {
  if (object.kind === 'Rollout') return ofRouting(object, hosts);
  if (object.kind === 'Ingress' && hosts) return ofHosts(object, hosts);
  return [];
}

function ofRouting(object: KubernetesObject, hosts?: string[]): string[] {
  const path = 'spec.strategy.canary.trafficRouting';
  const routing = valueAt(object, path.split('.'));
  const { plugins, istio, nginx } = isRecord(routing) ? routing : EMPTY;
  return [
    ...(plugins === undefined
      ? []
      : [
          `${path}.plugins: they run with the rights of Argo Rollouts, in all namespaces; leave them out`,
        ]),
    ...Object.entries(isRecord(istio) ? istio : EMPTY)
      .filter(([key]) => NAMES_WITH_NAMESPACE.test(key))
      .flatMap(([key, value]) =>
        [value].flat().flatMap(one => {
          const name = valueAt(one, ['name']);
          return typeof name === 'string' && name.includes('.')
            ? [
                `${path}.istio.${key}: "${name}" is in another namespace; name it without one`,
              ]
            : [];
        }),
      ),
    ...(hosts
      ? ofAliases(
          valueAt(nginx, ['additionalIngressAnnotations']),
          `${path}.nginx.additionalIngressAnnotations`,
        )
      : []),
  ];
}

function ofHosts(object: KubernetesObject, hosts: string[]): string[] {
  const allowed = `the services of this environment have ${hosts.join(' or ')}`;
  const rules = valueAt(object, ['spec', 'rules']);
  return [
    ...(Array.isArray(rules) ? rules : []).flatMap((rule, index) => {
      const host = valueAt(rule, ['host']);
      if (host === undefined || host === '')
        return [
          `spec.rules[${index}].host: without one, it takes what is meant for others; ${allowed}`,
        ];
      return typeof host === 'string' && hosts.includes(host.toLowerCase())
        ? []
        : [`spec.rules[${index}].host: "${host}" may be another's; ${allowed}`];
    }),
    ...(valueAt(object, ['spec', 'defaultBackend']) === undefined
      ? []
      : [
          `spec.defaultBackend: it takes what is meant for others; name a host in spec.rules`,
        ]),
    ...ofAliases(object.metadata.annotations, 'metadata.annotations'),
  ];
}

function ofAliases(annotations: unknown, path: string): string[] {
  return Object.keys(isRecord(annotations) ? annotations : EMPTY)
    .filter(key => SERVER_ALIAS.test(key))
    .map(key => `${path}: ${key} may name the host of another; leave it out`);
}
