/**
 * The audit ledger, as everybody may know it: what a record is, how records are chained, how a chain and an export are
 * verified, what one may be allowed, and what the backend can be asked.
 *
 * @packageDocumentation
 */
export * from './access/conditions';
export * from './access/permissions';
export * from './chain/ChainPlace';
export { checkAlone } from './chain/checkPlace';
export * from './chain/crypto';
export type { SignedBy, Unproven } from './chain/Hearing';
export * from './chain/keyChange';
export * from './chain/link';
export * from './chain/problem';
export * from './chain/signed';
export * from './chain/verifyChain';
export {
  checkWitness,
  compareWitness,
  missingTail,
  type Witness,
  witnessSeq,
} from './chain/witness';
export * from './chain/WitnessSource';
export * from './export/lines';
export * from './export/verifyExport';
export * from './export/writeExport';
export * from './operations/auditOperations';
export * from './operations/filter';
export * from './record/columns';
export * from './record/environments';
export * from './record/LedgerRecord';
export * from './record/RecordBody';
export { eventNameOf } from './words/eventNameOf';
export * from './words/references';
export { utcTime } from './words/utcTime';
export * from './words/words';
