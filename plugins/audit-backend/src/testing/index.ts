/** What tests of other packages need of the ledger. */
export { TestLedger } from './TestLedger';
