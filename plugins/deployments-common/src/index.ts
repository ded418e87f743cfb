/**
 * Deployments: what one is, what can be asked and done, and who may.
 *
 * @packageDocumentation
 */
export { LONGEST_SUMMARY, podsOf } from './board';
export type { BoardPlace, ShownDeployment } from './board';
export * from './deployment';
export * from './deviation';
export * from './deviationEvents';
export * from './deviationOperations';
export * from './diagnosis';
export * from './drift';
export * from './environment';
export * from './events';
export * from './feed';
export { followPreview } from './followPreview';
export * from './operations';
export * from './permissions';
export * from './readiness';
export * from './rollbackTargets';
export * from './secretReferences';
export * from './versions';
