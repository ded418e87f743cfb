/**
 * Bare Git repositories on this machine: publish, read, list.
 *
 * @packageDocumentation
 */
export { LocalRepositories } from './LocalRepositories';
export type { Author } from './publish';
export { LocalRepositoriesUrlReader } from './LocalRepositoriesUrlReader';
