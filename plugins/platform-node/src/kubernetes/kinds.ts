import { z } from 'zod';

/** An object of Kubernetes, as it is written. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

/** Reads one, with all that is not named here as it is. */
export const objectSchema = z
  .object({
    apiVersion: z.string(),
    kind: z.string(),
    metadata: z
      .object({
        name: z.string(),
        namespace: z.string().optional(),
        labels: z.record(z.string()).optional(),
        annotations: z.record(z.string()).optional(),
      })
      .passthrough(),
  })
  .passthrough();

/** Which object. */
export interface ObjectReference {
  kind: Kind;
  name: string;
  namespace?: string;
}

const table = {
  Namespace: ['v1', 'namespaces'],
  Secret: ['v1', 'secrets'],
  ConfigMap: ['v1', 'configmaps'],
  Service: ['v1', 'services'],
  ResourceQuota: ['v1', 'resourcequotas'],
  LimitRange: ['v1', 'limitranges'],
  Pod: ['v1', 'pods'],
  Event: ['v1', 'events'],
  Deployment: ['apps/v1', 'deployments'],
  StatefulSet: ['apps/v1', 'statefulsets'],
  Ingress: ['networking.k8s.io/v1', 'ingresses'],
  NetworkPolicy: ['networking.k8s.io/v1', 'networkpolicies'],
  Lease: ['coordination.k8s.io/v1', 'leases'],
  CustomResourceDefinition: [
    'apiextensions.k8s.io/v1',
    'customresourcedefinitions',
  ],
  ValidatingAdmissionPolicy: [
    'admissionregistration.k8s.io/v1',
    'validatingadmissionpolicies',
  ],
  ValidatingAdmissionPolicyBinding: [
    'admissionregistration.k8s.io/v1',
    'validatingadmissionpolicybindings',
  ],
  Rollout: ['argoproj.io/v1alpha1', 'rollouts'],
  Environment: ['platform.myorg.com/v1', 'environments'],
} as const;

/** The kinds that the platform has to do with. */
export type Kind = keyof typeof table;

export function isKind(kind: string): kind is Kind {
  return Object.hasOwn(table, kind);
}

export function apiVersionOf(kind: Kind): string {
  return table[kind][0];
}

/**
 * Where the API has a kind, or one object of it.
 *
 * @param namespace - left out for what is in none, and for all namespaces
 */
export function pathOf(kind: Kind, namespace?: string, name?: string): string {
  const [apiVersion, plural] = table[kind];
  return [
    apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`,
    ...(namespace ? ['namespaces', encodeURIComponent(namespace)] : []),
    plural,
    ...(name ? [encodeURIComponent(name)] : []),
  ].join('/');
}
