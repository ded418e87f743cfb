/**
 * What all domains share, without React and without Node.
 *
 * @packageDocumentation
 */
export * from './access/accessOperations';
export * from './audit/AuditContext';
export { doorOf } from './audit/doorOf';
export { chunksOf } from './chunksOf';
export {
  leadingTo,
  namedRunbook,
  runbookOf,
  withoutNamedRunbook,
} from './errors/runbookOf';
export { linesOf } from './linesOf';
export { nearestNames } from './nearestNames';
export * from './operations/Delivery';
export * from './operations/Operation';
export * from './operations/operationClient';
export { operationRequest } from './operations/operationRequest';
export { plainSecretKind } from './secret/plainSecretKind';
export { SecretValue, secretText } from './secret/SecretValue';
export { zonedTime } from './zonedTime';
