/**
 * Secrets: kept in Vault, brought to where services run at once, every access recorded before it happens.
 *
 * @packageDocumentation
 */
export { secretsPlugin as default } from './plugin';
