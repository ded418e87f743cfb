/**
 * What all domains share, without React and without Node.
 *
 * @packageDocumentation
 */
export { askPlugin } from './askPlugin';
export { nearestNames } from './nearestNames';
