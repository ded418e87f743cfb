import { InputError } from '@backstage/errors';
import type { Place } from './Places';

/**
 * The namespace of a service in an environment.
 *
 * @param serviceName - its name in the catalog
 * @throws InputError if it would not be a name that Kubernetes takes
 */
export function namespaceOf(
  place: Pick<Place, 'name' | 'namespace'>,
  serviceName: string,
): string {
  const name = place.namespace
    .replace('{service}', serviceName)
    .replace('{environment}', place.name);
  if (name.length > 63 || !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name)) {
    throw new InputError(
      `The namespace of ${serviceName} in ${place.name} would be "${name}", which is no name for one: at most 63 lower-case letters, digits and "-".`,
    );
  }
  return name;
}
