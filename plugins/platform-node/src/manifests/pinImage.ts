import { InputError } from '@backstage/errors';
import { imageName, parseImageReference } from '../registry';
import { KubernetesObject } from './KubernetesObject';
import { VERSION_ANNOTATION, VERSION_LABEL } from './names';
import { changeContainers, containersOf, podTemplatesOf } from './podTemplates';

const LABEL_VALUE = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;

/**
 * Puts the digest of a version wherever the manifests name its image. What has such a container gets the version as
 * annotation and, where it can be one, as label; its pods don't, so that another tag of the same image restarts nothing.
 *
 * @param image - without tag and digest, such as `ghcr.io/acme/cart`
 * @throws InputError when no container is of this image, naming those that there are
 */
export function pinImage(
  objects: KubernetesObject[],
  options: { image: string; digest: string; version: string },
): KubernetesObject[] {
  const { image, digest, version } = options;
  const wanted = imageName(parseImageReference(image));
  const pinned = objects.map(object => {
    if (!imagesOf(object).some(one => nameOf(one) === wanted)) return object;
    return withVersion(
      changeContainers(object, container =>
        nameOf(container.image ?? '') === wanted
          ? { ...container, image: `${wanted}@${digest}` }
          : container,
      ),
      version,
    );
  });
  if (pinned.every((object, at) => object === objects[at])) {
    const found = [...new Set(objects.flatMap(imagesOf))];
    throw new InputError(
      `No container of the manifests runs the image ${wanted}, so deploying it would change nothing. ${
        found.length > 0
          ? `They run: ${found.join(', ')}.`
          : 'They have no containers.'
      } Write ${wanted} as the image of the service's container.`,
    );
  }
  return pinned;
}

function withVersion(
  object: KubernetesObject,
  version: string,
): KubernetesObject {
  const { labels, annotations } = object.metadata;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: {
        ...labels,
        ...(LABEL_VALUE.test(version) && { [VERSION_LABEL]: version }),
      },
      annotations: { ...annotations, [VERSION_ANNOTATION]: version },
    },
  };
}

function imagesOf(object: KubernetesObject): string[] {
  return podTemplatesOf(object).flatMap(found =>
    found.ok
      ? containersOf(found.template.spec).flatMap(({ image }) => image ?? [])
      : [],
  );
}

/** @returns undefined for what is no name of an image; that is reported when it is checked */
function nameOf(image: string): string | undefined {
  try {
    return imageName(parseImageReference(image));
  } catch {
    return undefined;
  }
}
