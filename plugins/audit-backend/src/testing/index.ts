/** What tests and benches of other packages need of the ledger. */
export { generateKey } from '../keys/keyFile';
export { LedgerKeys } from '../keys/LedgerKeys';
export type { RecordRow } from '../database/RecordStore';
export { generateRecords } from './generateRecords';
export type { GeneratedSize } from './generateRecords';
export { TestLedger } from './TestLedger';
