import {
  ANNOTATION_LOCATION,
  ANNOTATION_SOURCE_LOCATION,
  Entity,
} from '@backstage/catalog-model';
import { Environment } from '@highroad/plugin-environments-common';

/** Whether a service is in an environment, or the environment is of a pull request in the service's repository. */
export function isOfService(
  { services, pullRequest }: Environment,
  { metadata }: Entity,
): boolean {
  if (services.some(({ name }) => name === metadata.name)) return true;
  if (!pullRequest) return false;
  const { host, repository } = pullRequest;
  const path = `//${host}/${repository}/`.toLocaleLowerCase('en');
  return [ANNOTATION_LOCATION, ANNOTATION_SOURCE_LOCATION].some(name =>
    `${metadata.annotations?.[name]}/`.toLocaleLowerCase('en').includes(path),
  );
}
