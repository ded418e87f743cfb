/**
 * Which environments there are, where they answer and how long they live, and how one is made and ended.
 *
 * @packageDocumentation
 */
export { environmentsPlugin as default } from './plugin';
