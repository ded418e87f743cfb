/**
 * What domains share that read and write clusters. Apart from the rest, so that only they load a client for Kubernetes.
 *
 * @packageDocumentation
 */
export { ClusterAccess } from './ClusterAccess';
export { ClusterClient } from './ClusterClient';
export {
  ClusterError,
  isConflict,
  isInvalid,
  isNotFound,
} from './ClusterError';
export { Informer, versionOf } from './Informer';
export type { Change } from './Informer';
export { objectSchema } from './kinds';
export type { Kind, KubernetesObject } from './kinds';
export { namespaceOf } from './namespaceOf';
export { ENVIRONMENT_ANNOTATION, Places, SERVICE_ANNOTATION } from './Places';
export type { Place } from './Places';
export type { PodTunnel } from './PodTunnel';
