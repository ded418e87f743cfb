import { KubernetesObject } from '@highroad/plugin-platform-node/manifests';
import { z } from 'zod';
import { ManifestProblem } from './ManifestReader';

/** @throws ManifestProblem that names the fields that are wrong */
export function readObject<T extends z.ZodTypeAny>(
  schema: T,
  object: KubernetesObject,
): z.output<T> {
  const read = schema.safeParse(object);
  if (read.success) return read.data;
  throw new ManifestProblem(
    `Its ${object.kind} ${
      object.metadata.name
    } can't be read: ${read.error.issues
      .map(({ path, message }) => `${path.join('.')}: ${message}`)
      .join('; ')}`,
  );
}
