/**
 * Which secrets a service has where, and how one is set, revealed and put back.
 *
 * @packageDocumentation
 */
export { secretsPlugin as default } from './plugin';
