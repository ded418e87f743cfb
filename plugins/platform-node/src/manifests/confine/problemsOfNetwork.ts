import { z } from 'zod';
import { KubernetesObject } from '../KubernetesObject';

const serviceSchema = z.object({
  spec: z
    .object({
      type: z.string().nullish(),
      externalIPs: z.array(z.string()).nullish(),
      externalName: z.string().nullish(),
    })
    .passthrough()
    .nullish(),
});

/**
 * What would take traffic that is meant for others, or have the cluster's own parts do something for it: a controller
 * has more rights than whoever writes an Ingress.
 */
export function problemsOfNetwork(
  object: KubernetesObject,
  namespace: string,
): string[] {
  if (object.kind === 'Service') return ofService(object);
  if (object.kind === 'Ingress' || object.kind === 'Rollout')
    return [
      ...ofAnnotations(object.metadata.annotations ?? {}, namespace),
      ...snippetsIn(object.spec),
    ];
  return [];
}

function ofService(object: KubernetesObject): string[] {
  const parsed = serviceSchema.safeParse(object);
  if (!parsed.success)
    return parsed.error.issues.map(
      issue => `${issue.path.join('.')}: ${issue.message}`,
    );
  const { type, externalIPs, externalName } = parsed.data.spec ?? {};
  return [
    ...(type && type !== 'ClusterIP'
      ? [`spec.type: ${type} leads around the Ingress; leave it at ClusterIP`]
      : []),
    ...(externalIPs?.length
      ? ['spec.externalIPs: it could take traffic that is meant for others']
      : []),
    ...(externalName && type !== 'ExternalName'
      ? ['spec.externalName: it leads out of the namespace']
      : []),
  ];
}

function ofAnnotations(
  annotations: Record<string, string>,
  namespace: string,
): string[] {
  return Object.entries(annotations).flatMap(([key, value]) => {
    if (isSnippet(key)) return [snippetProblem(`metadata.annotations: ${key}`)];
    // CVE-2021-25742 and its like: "other-namespace/name" is read with the controller's rights.
    const other = /^([^/\s]+)\/[^/\s]+$/.exec(value)?.[1];
    return /secret$/.test(key) && other !== undefined && other !== namespace
      ? [
          `metadata.annotations: ${key}: "${value}" is a secret of another namespace`,
        ]
      : [];
  });
}

/** In the traffic routing of a Rollout, annotations of an Ingress stand deeper. */
function snippetsIn(value: unknown, path = 'spec', depth = 0): string[] {
  if (typeof value !== 'object' || value === null || depth > 12) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(isSnippet(key) ? [snippetProblem(`${path}.${key}`)] : []),
    // What a container is given is its own affair.
    ...(key === 'template'
      ? []
      : snippetsIn(inner, `${path}.${key}`, depth + 1)),
  ]);
}

function isSnippet(key: string): boolean {
  return /snippets?$/i.test(key);
}

function snippetProblem(where: string): string {
  return `${where}: it would be run by the ingress controller, which may read the secrets of everyone`;
}
