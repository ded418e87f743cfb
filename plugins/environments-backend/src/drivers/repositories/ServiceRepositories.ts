import { RepositoryLocation } from '@highroad/plugin-platform-node/git';

/** Where services' repositories are, as the catalog has it. */
export interface ServiceRepositories {
  /** @returns address of the repository of a service of this owner; undefined where the catalog knows none */
  repositoryOf(service: string, owner: string): Promise<string | undefined>;
}

/** Whether two addresses are of one repository. */
export function sameRepository(
  a: RepositoryLocation,
  b: RepositoryLocation,
): boolean {
  return a.owner === b.owner && a.name === b.name && hostOf(a) === hostOf(b);
}

/** @returns undefined for the platform's own machine */
function hostOf(location: RepositoryLocation): string | undefined {
  return location.kind === 'remote' ? location.host : undefined;
}
