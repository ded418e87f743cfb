/**
 * What an engine that brings manifests to where services run has to do, and how it is added to Deployments.
 *
 * @packageDocumentation
 */
export { argoDurationMs } from './argoDuration';
export { EngineRefusedError, LONGEST_CALL_MS } from './Engine';
export type {
  Aim,
  Destination,
  Engine,
  KubernetesObject,
  NewPods,
  Observation,
  SteerAction,
} from './Engine';
export { deploymentsEngineExtensionPoint } from './extensionPoint';
export type { DeploymentsEngineExtensionPoint } from './extensionPoint';
