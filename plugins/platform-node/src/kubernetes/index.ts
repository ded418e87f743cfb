/**
 * What domains share that write to clusters. Apart from the rest, so that only they load a client for Kubernetes.
 *
 * @packageDocumentation
 */
export { ClusterAccess } from './ClusterAccess';
export { namespaceOf } from './namespaceOf';
export { ENVIRONMENT_ANNOTATION, Places, SERVICE_ANNOTATION } from './Places';
export type { Place } from './Places';
