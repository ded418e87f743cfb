/**
 * What the backends of all domains share.
 *
 * @packageDocumentation
 */
export { Gate } from './access/Gate';
export { MachineAccess } from './access/MachineAccess';
export type { MachineScope } from './access/MachineAccess';
export { productionCheck } from './access/productionCheck';
export { readConfigAs } from './access/readConfigAs';
export { RefusalRecords } from './access/RefusalRecords';
export { PollingLoop } from './loops/PollingLoop';
export { waitFor } from './loops/waitFor';
export { withinTime } from './loops/withinTime';
export type {
  Call,
  Implementation,
  Implementations,
} from './operations/Implementation';
export { createDeliveryRouter } from './operations/createDeliveryRouter';
export type {
  DeliveryTaker,
  ReceivedDelivery,
} from './operations/createDeliveryRouter';
export { actorOf } from './operations/actorOf';
export { OperationTable } from './operations/OperationTable';
export {
  OPENAPI_PATH,
  operationsServiceRef,
  operationTableServiceRef,
} from './operations/operationsServiceRef';
export type { OperationsService } from './operations/operationsServiceRef';
export { onlyVisible } from './operations/onlyVisible';
export { ownFetchApi } from './operations/ownFetchApi';
export { readInput } from './operations/readInput';
export { isPlugin, requirePlugin } from './operations/requirePlugin';
export { redact, REDACTED, redactText } from './redaction/redact';
export { gaugesText, PROMETHEUS_TEXT } from './prometheus/gaugesText';
export type { Gauge } from './prometheus/gaugesText';
export { ChangeSignal } from './signals/ChangeSignal';
