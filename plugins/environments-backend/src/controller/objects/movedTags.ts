import { KubernetesObject } from '@highroad/plugin-platform-node/kubernetes';
import { changeContainers } from '@highroad/plugin-platform-node/manifests';

/** A digest, or a tag that ends with the whole hash of a commit: what they lead to stays what it is. */
const STAYS = /@|[0-9a-f]{40}$/;

/** Whether an image is named by a tag that may lead to another one some day. */
export function mayMove(image: string): boolean {
  return !STAYS.test(image);
}

/** The same workloads, which run what a tag leads to wherever they name it: so that another digest is another version of them. */
export function withDigest(
  workloads: KubernetesObject[],
  image: string,
  digest: string,
): KubernetesObject[] {
  return workloads.map(workload =>
    changeContainers(workload, container =>
      container.image === image
        ? { ...container, image: `${image}@${digest}` }
        : container,
    ),
  );
}

/** @returns what a tag led to when one of these images was chosen by it */
export function digestAmong(
  images: string[],
  image: string,
): string | undefined {
  const chosen = images.find(one => one.startsWith(`${image}@`));
  return chosen?.slice(image.length + 1);
}
