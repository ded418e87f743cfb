import { InputError } from '@backstage/errors';
import {
  changePodTemplates,
  confine,
  Container,
  containersOf,
  describeObject,
  isWorkload,
  KubernetesObject,
  PodTemplate,
  podTemplatesOf,
  secretsReferredTo,
  SERVICE_LABEL,
} from '@highroad/plugin-platform-node/manifests';
import {
  imageName,
  parseImageReference,
} from '@highroad/plugin-platform-node/registry';
import { z } from 'zod';
import { imageOf, ResolvedImage } from '../objects/imageOf';
import { variablesOf } from '../objects/serviceVariables';
import { ServiceParts } from '../ServiceParts';
import { addressOf, Target } from '../Target';
import {
  ManifestProblem,
  ReadManifests,
  ServiceOfManifests,
} from './ManifestReader';
import { previewIngress } from './previewIngress';
import { previewPod } from './previewPod';
import { readObject } from './readObject';

/** The tag that stands in manifests until a version is deployed. */
const NO_TAG = 'unset';
/** What runs once or now and then is not part of a preview. */
const LEFT_OUT = ['Job', 'CronJob'];

const workloadSchema = z.object({
  spec: z
    .object({
      selector: z
        .object({ matchLabels: z.record(z.string()).nullish() })
        .passthrough()
        .nullish(),
      strategy: z.unknown(),
    })
    .passthrough(),
});
const serviceSchema = z.object({
  spec: z.object({
    selector: z.record(z.string()).nullish(),
    ports: z.array(z.unknown()).nullish(),
    clusterIP: z.string().nullish(),
    publishNotReadyAddresses: z.boolean().nullish(),
    sessionAffinity: z.string().nullish(),
  }),
});

interface Workload {
  object: KubernetesObject;
  template: PodTemplate;
}

/**
 * What a service consists of in an environment, of what its repository holds: its Deployments, and its Rollouts as
 * Deployments; its Services and Ingresses, and the ConfigMaps that its pods read. All else that a repository may hold is for
 * environments that stay.
 *
 * @param values - changes where the values of the service's Secrets do
 * @throws ManifestProblem that says what to change
 */
export function manifestObjects(
  target: Target,
  service: ServiceOfManifests,
  read: ReadManifests,
  values: string,
): ServiceParts {
  const objects = confined(target, service, read.objects);
  const workloads = workloadsIn(objects);
  const main = mainOf(workloads, service.name);
  const chosen = imagesFor(target, service, main, read.commit);
  const made = workloads.map(one => {
    const template = previewPod(one.template, {
      ...{ target, service, values },
      ...{ image: chosen.image, isService: chosen.isService },
    });
    const replicas = one === main.workload ? service.replicas : 1;
    return deploymentOf(target, service, { ...one, template }, replicas);
  });
  const address = service.public
    ? addressOf(service.name, target.slug, target.settings)
    : undefined;
  const ofKind = (kind: string) => objects.filter(one => one.kind === kind);
  const ingresses = address
    ? ofKind('Ingress').map(one =>
        previewIngress(one, {
          ...{ target, service: service.name, host: address.host },
        }),
      )
    : [];
  const pods = made.map(one => JSON.stringify(one.spec));
  const configs = ofKind('ConfigMap').filter(({ metadata }) =>
    pods.some(pod => pod.includes(JSON.stringify(metadata.name))),
  );
  return {
    workloads: made,
    others: [
      ...configs.map(one => configOf(target, service, one)),
      ...ofKind('Service').map(one => serviceOf(target, service, one)),
      ...ingresses,
    ],
    image: chosen.own,
    images: [
      ...new Set(
        workloads.flatMap(({ template }) =>
          containersOf(template.spec).map(chosen.image),
        ),
      ),
    ],
    commit: read.commit,
    replicas: made.length - 1 + service.replicas,
    ...(address && ingresses.length > 0 && { url: address.url }),
    notes: [
      ...objects
        .filter(({ kind }) => LEFT_OUT.includes(kind))
        .map(
          one =>
            `The ${describeObject(one)} is left out: previews run what stays.`,
        ),
      ...withheld(target, service, workloads, chosen.isService),
    ],
  };
}

function confined(
  { namespace }: Target,
  { name }: ServiceOfManifests,
  objects: KubernetesObject[],
): KubernetesObject[] {
  try {
    return confine(
      // They are rendered for another environment, whose namespace may be in them.
      objects.map(({ metadata, ...object }) => {
        const { namespace: _, ...rest } = metadata;
        return { ...object, metadata: rest };
      }),
      { namespace, service: name },
    );
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new ManifestProblem(error.message);
  }
}

/** A Rollout that refers to a Deployment has no pods of its own. */
function workloadsIn(objects: KubernetesObject[]): Workload[] {
  return objects.filter(isWorkload).flatMap(object => {
    const [found] = podTemplatesOf(object);
    return found?.ok ? [{ object, template: found.template }] : [];
  });
}

function mainOf(
  workloads: Workload[],
  name: string,
): { workload: Workload; container: Container } {
  const workload =
    workloads.length === 1
      ? workloads[0]
      : workloads.find(({ object }) => object.metadata.name === name);
  if (!workload) {
    throw new ManifestProblem(
      workloads.length === 0
        ? 'Its manifests have no Deployment and no Rollout, so nothing would run.'
        : `Its manifests have several workloads (${workloads
            .map(({ object }) => describeObject(object))
            .join(', ')}); name the service's own ${name}.`,
    );
  }
  const { containers } = workload.template.spec;
  const container =
    containers.find(one => one.name === name) ?? containers.at(0);
  if (container) return { workload, container };
  throw new ManifestProblem(
    `Its ${describeObject(workload.object)} has no container.`,
  );
}

/** Which image each container runs. Those that the service's own container runs too are the service's. */
function imagesFor(
  target: Target,
  service: ServiceOfManifests,
  main: { workload: Workload; container: Container },
  commit: string,
) {
  const written = main.container.image ?? '';
  const name = nameOf(written);
  if (!name) {
    throw new ManifestProblem(
      `The image "${written}" of its ${describeObject(
        main.workload.object,
      )} can't be read.`,
    );
  }
  const { settings, spec, resource } = target;
  const about = { name: resource.name, pullRequest: spec.pullRequest };
  // Manifests are read as the cluster reads them, not as an environment's: without a host, Docker's is meant.
  const asWritten = (image: string) =>
    imageOf(image, {
      ...about,
      settings: { ...settings, registry: undefined },
    });
  const own = taken(
    service.image
      ? imageOf(service.image, { ...about, settings })
      : asWritten(atCommit(written, name, commit)),
  );
  const isService = ({ image }: Container) => nameOf(image ?? '') === name;
  return {
    own,
    isService,
    image: (container: Container) =>
      isService(container) ? own : taken(asWritten(container.image ?? '')),
  };
}

/** A tag or digest that the repository names stays; where it names none, the image of the same commit is meant. */
function atCommit(written: string, name: string, commit: string): string {
  const { tag, digest } = parseImageReference(written);
  return digest || (tag && tag !== NO_TAG) ? written : `${name}:${commit}`;
}

function taken(image: ResolvedImage): string {
  if (image.ok) return image.image;
  throw new ManifestProblem(image.message);
}

function nameOf(image: string): string | undefined {
  try {
    return imageName(parseImageReference(image));
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function deploymentOf(
  target: Target,
  service: ServiceOfManifests,
  { object, template }: Workload,
  replicas: number,
): KubernetesObject {
  const { selector, strategy } = workloadSchema.parse(object).spec;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadataOf(target, service, object),
    spec: {
      replicas,
      revisionHistoryLimit: 1,
      progressDeadlineSeconds: 600,
      // What a Rollout calls its strategy is none of a Deployment.
      ...(object.kind === 'Deployment' && strategy ? { strategy } : {}),
      selector: {
        ...selector,
        matchLabels: {
          ...selector?.matchLabels,
          [SERVICE_LABEL]: service.name,
        },
      },
      template,
    },
  };
}

/** Its pods and nobody else's, whatever other services of the environment call theirs. */
function serviceOf(
  target: Target,
  service: ServiceOfManifests,
  object: KubernetesObject,
): KubernetesObject {
  const { spec: read } = readObject(serviceSchema, object);
  const { selector, ports, clusterIP, ...spec } = read;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(target, service, object),
    spec: {
      ...spec,
      ...(clusterIP === 'None' && { clusterIP }),
      selector: { ...selector, [SERVICE_LABEL]: service.name },
      ports: ports ?? [],
    },
  };
}

function configOf(
  target: Target,
  service: ServiceOfManifests,
  { metadata, ...object }: KubernetesObject,
): KubernetesObject {
  return {
    ...object,
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadataOf(target, service, { ...object, metadata }),
  };
}

/** Labels and annotations of objects are for those who look after environments that stay, such as makers of host names and readers of dashboards. */
function metadataOf(
  { namespace, labels }: Target,
  service: ServiceOfManifests,
  { metadata }: Pick<KubernetesObject, 'metadata'>,
) {
  return {
    ...{ name: metadata.name, namespace },
    labels: { ...labels, [SERVICE_LABEL]: service.name },
  };
}

/** What pods read of Secrets that a preview has not. */
function withheld(
  target: Target,
  service: ServiceOfManifests,
  workloads: Workload[],
  isService: (container: Container) => boolean,
): string[] {
  const given = new Set(variablesOf(target, service).map(({ name }) => name));
  const ungiven = (container: Container): Container =>
    isService(container)
      ? {
          ...container,
          env: (container.env ?? []).filter(({ name }) => !given.has(name)),
        }
      : container;
  const asked = secretsReferredTo(
    workloads.map(({ object }) =>
      changePodTemplates(object, template => ({
        ...template,
        spec: {
          ...template.spec,
          containers: template.spec.containers.map(ungiven),
          initContainers: template.spec.initContainers?.map(ungiven),
        },
      })),
    ),
  ).map(({ secret, key }) => (key ? `${key} of ${secret}` : secret));
  return asked.length > 0
    ? [
        `It goes without what its manifests read of Secrets: ${[
          ...new Set(asked),
        ].join(', ')}. Give it what it needs under env.`,
      ]
    : [];
}
