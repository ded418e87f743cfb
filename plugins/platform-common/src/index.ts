/**
 * What all domains share, without React and without Node.
 *
 * @packageDocumentation
 */
export { nearestNames } from './nearestNames';
