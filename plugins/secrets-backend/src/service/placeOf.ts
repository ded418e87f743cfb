import { parseEntityRef } from '@backstage/catalog-model';
import { namespaceOf, Place } from '@highroad/plugin-platform-node/kubernetes';
import { SyncPlace } from '../database/SyncStore';

/**
 * Where the Secret of a service is to be in an environment.
 *
 * @returns nothing where nothing is deployed to
 * @throws InputError if its namespace would not be a name that Kubernetes takes
 */
export function placeOf(place: Place, service: string): SyncPlace | undefined {
  const { cluster, name: environment } = place;
  if (!cluster) return undefined;
  const { name: secret } = parseEntityRef(service);
  const namespace = namespaceOf(place, secret);
  return { service, environment, cluster, namespace, secret };
}
