/**
 * Deployments: checked before anything is written, advanced by leased workers, rolled back from what was kept.
 *
 * @packageDocumentation
 */
export { deploymentsPlugin as default } from './plugin';
