/**
 * What a generator of new values for secrets has to do, and how it is added to Secrets.
 *
 * @packageDocumentation
 */
export { secretGeneratorsExtensionPoint } from './extensionPoint';
export type { SecretGeneratorsExtensionPoint } from './extensionPoint';
export type { Generation, SecretGenerator, Settings } from './SecretGenerator';
