/**
 * What the pages of all domains share.
 *
 * @packageDocumentation
 */
export { PageFrame } from './PageFrame';
export { RelativeTime, relative } from './RelativeTime';
