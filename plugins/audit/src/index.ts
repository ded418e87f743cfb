/**
 * Who did what: a page, and a tab of each service.
 *
 * @packageDocumentation
 */
export { auditPlugin as default } from './plugin';
