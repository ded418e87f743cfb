/**
 * What runs where, how a deployment went, and how a service is deployed and rolled back.
 *
 * @packageDocumentation
 */
export { deploymentsPlugin as default } from './plugin';
export { deploymentsApiRef } from './api';
export type { DeploymentsApi } from './api';
export { shortVersion } from './words/short';
