/**
 * Environments on demand: the manifest, how one stands, what can be asked and done, and who may.
 *
 * @packageDocumentation
 */
export { ENVIRONMENTS_CHANNEL } from './channel';
export * from './deliveries';
export * from './duration';
export * from './environment';
export * from './expiry';
export { isOfRepository } from './isOfRepository';
export * from './manifest';
export * from './names';
export * from './naming';
export * from './operations';
export * from './parseManifest';
export { plainSecretsIn } from './plainSecrets';
export { OWN_PORT, OWN_PORT_NAMES, portProblemsIn } from './portProblems';
export * from './permissions';
export * from './placeholders';
export * from './pullRequestOperations';
export * from './runbooks';
export * from './status';
