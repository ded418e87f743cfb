/**
 * Environments on demand.
 *
 * @packageDocumentation
 */
export { environmentsPlugin as default } from './plugin';
