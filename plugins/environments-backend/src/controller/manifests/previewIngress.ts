import {
  KubernetesObject,
  SERVICE_LABEL,
} from '@highroad/plugin-platform-node/manifests';
import { z } from 'zod';
import { Target } from '../Target';
import { ManifestProblem } from './ManifestReader';
import { readObject } from './readObject';

/**
 * How requests are handed on. Any other annotation is left out: some name hosts, which would be taken from those whose they
 * are, and some have certificates or records made for them.
 */
const KEPT_ANNOTATIONS =
  /^nginx\.ingress\.kubernetes\.io\/(?:rewrite-target|use-regex|app-root|backend-protocol|proxy-(?:body-size|buffering|buffer-size|connect-timeout|read-timeout|send-timeout)|enable-cors|cors-[a-z-]+|affinity|session-cookie-(?:name|path|max-age|samesite))$/;

const ingressSchema = z.object({
  spec: z.object({
    rules: z
      .array(
        z.object({
          http: z
            .object({
              paths: z.array(
                z
                  .object({ path: z.string().nullish(), pathType: z.string() })
                  .passthrough(),
              ),
            })
            .nullish(),
        }),
      )
      .nullish(),
  }),
});

/** An Ingress of a service as a preview has it: all its paths, at the environment's host and at no other. */
export function previewIngress(
  ingress: KubernetesObject,
  options: { target: Target; service: string; host: string },
): KubernetesObject {
  const { target, service, host } = options;
  const { ingressClass, tlsIssuer } = target.settings;
  const { name, annotations } = ingress.metadata;
  const { spec } = readObject(ingressSchema, ingress);
  const all = (spec.rules ?? []).flatMap(({ http }) => http?.paths ?? []);
  const paths = all.filter(
    (one, at) => all.findIndex(({ path }) => path === one.path) === at,
  );
  if (paths.length === 0) {
    throw new ManifestProblem(
      `Its Ingress ${name} has no path. Give it one under spec.rules.`,
    );
  }
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      ...{ name, namespace: target.namespace },
      labels: { ...target.labels, [SERVICE_LABEL]: service },
      annotations: {
        ...Object.fromEntries(
          Object.entries(annotations ?? {}).filter(([key]) =>
            KEPT_ANNOTATIONS.test(key),
          ),
        ),
        ...(tlsIssuer && { 'cert-manager.io/cluster-issuer': tlsIssuer }),
      },
    },
    spec: {
      ...(ingressClass && { ingressClassName: ingressClass }),
      ...(tlsIssuer && {
        tls: [{ hosts: [host], secretName: `${name}-tls` }],
      }),
      rules: [{ host, http: { paths } }],
    },
  };
}
