/**
 * How delivery and adoption are doing, with the way from each number to what it was taken from.
 *
 * @packageDocumentation
 */
export { metricsPlugin as default } from './plugin';
