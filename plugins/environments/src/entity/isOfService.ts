import {
  ANNOTATION_LOCATION,
  ANNOTATION_SOURCE_LOCATION,
  Entity,
  RELATION_OWNED_BY,
} from '@backstage/catalog-model';
import {
  Environment,
  isOfRepository,
} from '@highroad/plugin-environments-common';

/** Where the catalog has a service from; nothing for what is in no repository. */
export function addressesOf({ metadata }: Pick<Entity, 'metadata'>): string[] {
  const all = [ANNOTATION_LOCATION, ANNOTATION_SOURCE_LOCATION].flatMap(
    name => metadata.annotations?.[name] ?? [],
  );
  return all.filter(address => address.startsWith('url:'));
}

/** Whether a service is in an environment of its owner, or the environment is of a pull request in the service's repository. */
export function isOfService(
  { services, pullRequest, owner }: Environment,
  { metadata, relations = [] }: Entity,
): boolean {
  // Another team's service of this name is another service.
  const isItsOwners = relations.some(
    ({ type, targetRef }) => type === RELATION_OWNED_BY && targetRef === owner,
  );
  if (isItsOwners && services.some(({ name }) => name === metadata.name)) {
    return true;
  }
  return (
    pullRequest !== undefined &&
    addressesOf({ metadata }).some(address =>
      isOfRepository(pullRequest, address),
    )
  );
}
