import {
  ANNOTATION_LOCATION,
  ANNOTATION_SOURCE_LOCATION,
  Entity,
  RELATION_OWNED_BY,
} from '@backstage/catalog-model';
import { Environment } from '@highroad/plugin-environments-common';

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
  if (!pullRequest) return false;
  const { host, repository } = pullRequest;
  const path = `//${host}/${repository}/`.toLocaleLowerCase('en');
  return [ANNOTATION_LOCATION, ANNOTATION_SOURCE_LOCATION].some(name =>
    `${metadata.annotations?.[name]}/`.toLocaleLowerCase('en').includes(path),
  );
}
