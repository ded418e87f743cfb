/**
 * For tests: manifests as a repository has them.
 *
 * @packageDocumentation
 */
export { guardedWorkload } from './guardedWorkload';
export { serviceFiles } from './service';
