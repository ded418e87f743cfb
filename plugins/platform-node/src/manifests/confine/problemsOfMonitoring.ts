import { z } from 'zod';
import { KubernetesObject } from '../KubernetesObject';

const monitorSchema = z.object({
  spec: z
    .object({
      namespaceSelector: z
        .object({
          any: z.boolean().nullish(),
          matchNames: z.array(z.string()).nullish(),
        })
        .passthrough()
        .nullish(),
    })
    .passthrough(),
});
const analysisSchema = z.object({
  spec: z.object({
    metrics: z.array(
      z.object({ name: z.string(), provider: z.record(z.unknown()).nullish() }),
    ),
  }),
});

/** Fields by which Prometheus reads files of its own pod, among them the token of its account. */
const FILES = [
  'bearerTokenFile',
  'credentialsFile',
  'caFile',
  'certFile',
  'keyFile',
];
/** What an analysis may ask: Prometheus, and jobs whose pods are checked like all others. */
const PROVIDERS = ['prometheus', 'job'];

/** What Prometheus and the analysis of Rollouts, which have rights of their own, would do for a repository. */
export function problemsOfMonitoring(
  object: KubernetesObject,
  namespace: string,
): string[] {
  switch (object.kind) {
    case 'ServiceMonitor':
    case 'PodMonitor':
      return ofMonitor(object, namespace);
    case 'AnalysisTemplate':
      return ofAnalysis(object);
    default:
      return [];
  }
}

function ofMonitor(object: KubernetesObject, namespace: string): string[] {
  const parsed = monitorSchema.safeParse(object);
  if (!parsed.success) return issuesOf(parsed.error);
  const { any, matchNames } = parsed.data.spec.namespaceSelector ?? {};
  const others = (matchNames ?? []).filter(name => name !== namespace);
  return [
    ...(any || others.length > 0
      ? [
          'spec.namespaceSelector: it would read metrics of others; leave it out',
        ]
      : []),
    ...filesIn(parsed.data.spec).map(
      where => `${where}: it would send a file of Prometheus to the pod`,
    ),
  ];
}

function filesIn(value: unknown, path = 'spec', depth = 0): string[] {
  if (typeof value !== 'object' || value === null || depth > 8) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(FILES.includes(key) ? [`${path}.${key}`] : []),
    ...filesIn(inner, `${path}.${key}`, depth + 1),
  ]);
}

function ofAnalysis(object: KubernetesObject): string[] {
  const parsed = analysisSchema.safeParse(object);
  if (!parsed.success) return issuesOf(parsed.error);
  return parsed.data.spec.metrics.flatMap(({ name, provider }) =>
    Object.keys(provider ?? {})
      .filter(kind => !PROVIDERS.includes(kind))
      .map(
        kind =>
          `spec.metrics: ${name}: ${kind} would be asked with the rights of the cluster; there are ${PROVIDERS.join(
            ' and ',
          )}`,
      ),
  );
}

function issuesOf(error: z.ZodError): string[] {
  return error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`);
}
