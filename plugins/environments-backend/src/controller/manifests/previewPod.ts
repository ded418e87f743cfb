import { EnvironmentServiceSpec } from '@highroad/plugin-environments-common';
import {
  Container,
  PodTemplate,
  SERVICE_LABEL,
} from '@highroad/plugin-platform-node/manifests';
import { z } from 'zod';
import { withLimits } from '../objects/containerLimits';
import { VALUES_ANNOTATION } from '../objects/databaseSecret';
import { imagePullOf } from '../objects/imagePullOf';
import { simulationOf } from '../objects/serviceObjects';
import { Variable, variablesOf } from '../objects/serviceVariables';
import { Target } from '../Target';

/** Volumes that hold nothing but what comes with the manifests. All others begin empty. */
const KEPT_VOLUMES = ['configMap', 'downwardAPI', 'emptyDir'];
/** Of a volume that joins several. */
const KEPT_SOURCES = ['configMap', 'downwardAPI'];

const variableSchema = z.object({
  valueFrom: z.object({ secretKeyRef: z.unknown() }).nullish(),
});
const sourceSchema = z.object({ secretRef: z.unknown() });
const projectedSchema = z.object({
  projected: z
    .object({ sources: z.array(z.record(z.unknown())).nullish() })
    .passthrough(),
});

/**
 * A service's pods as a preview runs them: with the environment's databases and variables, without an account, and without
 * any Secret but those that the service was given here: others in the namespace, such as the one for the registry, are not
 * the service's to read.
 *
 * @param options.isService - whether a container runs the service itself
 * @param options.image - what a container runs
 * @param options.values - changes where the values of the service's Secrets do
 */
export function previewPod(
  template: PodTemplate,
  options: {
    target: Target;
    service: EnvironmentServiceSpec;
    isService: (container: Container) => boolean;
    image: (container: Container) => string;
    values: string;
  },
): PodTemplate {
  const { target, service } = options;
  const pull = imagePullOf(target);
  const { initContainers, ...spec } = template.spec;
  const {
    serviceAccount: _,
    serviceAccountName: __,
    imagePullSecrets: ___,
    ...kept
  } = spec;
  const variables = variablesOf(target, service);
  const resourcesOf = (one: Container) =>
    (options.isService(one) && service.resources) || one.resources;
  const container = (one: Container): Container => {
    const resources = resourcesOf(one);
    return {
      ...one,
      image: options.image(one),
      ...pull.container,
      ...environmentOf(one, options.isService(one) ? variables : []),
      ...(resources && { resources: withLimits(resources) }),
    };
  };
  return {
    ...template,
    metadata: {
      labels: {
        ...template.metadata?.labels,
        ...target.labels,
        [SERVICE_LABEL]: service.name,
      },
      annotations: {
        ...template.metadata?.annotations,
        [VALUES_ANNOTATION]: options.values,
        ...simulationOf(target),
      },
    },
    spec: {
      ...kept,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      ...pull.pod,
      ...(initContainers && { initContainers: initContainers.map(container) }),
      containers: spec.containers.map(container),
      ...(spec.volumes && { volumes: spec.volumes.map(volumeOf) }),
    },
  };
}

/** What is given here goes before what the manifests say, by name. */
function environmentOf(container: Container, given: Variable[]) {
  const { env, envFrom } = container;
  const own = (env ?? []).filter(
    one => !given.some(({ name }) => name === one.name) && !isOfSecret(one),
  );
  const variables = [...own, ...given];
  return {
    env: variables,
    ...(Array.isArray(envFrom) && {
      envFrom: envFrom.filter(
        (one: unknown) => !sourceSchema.safeParse(one).data?.secretRef,
      ),
    }),
  };
}

function isOfSecret(variable: unknown): boolean {
  return Boolean(
    variableSchema.safeParse(variable).data?.valueFrom?.secretKeyRef,
  );
}

function volumeOf(volume: { name: string; [source: string]: unknown }): {
  name: string;
} {
  const { name } = volume;
  const projected = projectedSchema.safeParse(volume);
  if (projected.success) {
    const { sources, ...mode } = projected.data.projected;
    return {
      name,
      ...{
        projected: {
          ...mode,
          sources: (sources ?? []).flatMap(source => {
            const kept = Object.entries(source).filter(([kind]) =>
              KEPT_SOURCES.includes(kind),
            );
            return kept.length > 0 ? [Object.fromEntries(kept)] : [];
          }),
        },
      },
    };
  }
  return KEPT_VOLUMES.some(kind => volume[kind])
    ? volume
    : { name, ...{ emptyDir: {} } };
}
