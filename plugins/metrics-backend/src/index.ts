/**
 * Metrics: an append-only ledger of events, the facts that follow from it, and the numbers of delivery and adoption.
 *
 * @packageDocumentation
 */
export { metricsPlugin as default } from './plugin';
