/**
 * What domains share that read repositories at Git hosts. Apart from the rest, so that only they load it.
 *
 * @packageDocumentation
 */
export { EntityRepositories } from './EntityRepositories';
export { credentialsFor, git } from './git';
export type { GitOptions } from './git';
export { failureOf, nameOf, noCommit } from './gitFailure';
export { RepositoryLocator } from './RepositoryLocation';
export type { RepositoryLocation } from './RepositoryLocation';
export { BoundExceededError, runBounded } from './runBounded';
export type { Ended } from './runBounded';
