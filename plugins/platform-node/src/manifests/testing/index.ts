/**
 * For tests: manifests as a repository has them.
 *
 * @packageDocumentation
 */
export { serviceFiles } from './service';
