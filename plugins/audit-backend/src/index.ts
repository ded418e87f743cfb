/**
 * The audit ledger: adding this to a backend gives every plugin an auditor that keeps what it records, and the plugin
 * that reads it.
 *
 * @packageDocumentation
 */
import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { auditPlugin } from './plugin';
import { ledgerAuditorServiceFactory } from './services';

export { auditCheckpointsExtensionPoint, auditPlugin } from './plugin';
export type { AuditCheckpointsExtensionPoint } from './plugin';
export type { CheckpointSink } from './service/Checkpoints';
export {
  auditDatabaseServiceRef,
  auditLedgerServiceRef,
  ledgerAuditorServiceFactory,
} from './services';

export default createBackendFeatureLoader({
  loader: () => [ledgerAuditorServiceFactory, auditPlugin],
});
