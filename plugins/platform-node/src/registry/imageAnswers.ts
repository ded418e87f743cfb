import { z } from 'zod';
import { formatImageReference, ImageReference } from './ImageReference';
import { RegistryUnavailableError, UnusableImageError } from './registryErrors';

/** @throws RegistryUnavailableError when it is none */
export function parseJson(image: ImageReference, body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw corrupt(image, 'it sent something that is no JSON');
  }
}

/** @throws RegistryUnavailableError naming what does not fit */
export function parseAs<T extends z.ZodTypeAny>(
  image: ImageReference,
  schema: T,
  json: unknown,
): z.output<T> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw corrupt(
    image,
    `it sent a description in which "${issue.path.join('.')}" is wrong (${
      issue.message
    })`,
  );
}

/** What is there cannot be run, whoever looks at it. */
export function unusable(
  image: ImageReference,
  why: string,
): UnusableImageError {
  return new UnusableImageError(
    `${formatImageReference(
      image,
    )} cannot be deployed: ${why}. Build and push it again.`,
  );
}

/** What came is not what was asked for: the registry, or somebody between, is at fault. */
export function corrupt(
  image: ImageReference,
  why: string,
): RegistryUnavailableError {
  return new RegistryUnavailableError(
    `The registry ${
      image.registry
    } does not answer as a registry should, asked for ${formatImageReference(
      image,
    )}: ${why}. Nothing was changed.`,
  );
}
