/**
 * What a repository holds, rendered, confined and made ready to be applied.
 *
 * @packageDocumentation
 */
export { canonicalManifests } from './canonical';
export type { Manifests } from './canonical';
export { CommitCache } from './CommitCache';
export { confine, ConfinementError } from './confine/confine';
export { addHealthChecks } from './healthChecks';
export type { HealthAddresses } from './healthChecks';
export { describeObject, kubernetesObjectSchema } from './KubernetesObject';
export type { KubernetesObject } from './KubernetesObject';
export { ManifestSource } from './ManifestSource';
export type { RenderedManifests } from './ManifestSource';
export * from './names';
export { neededSecrets, secretsReferredTo } from './neededSecrets';
export type { NeededSecret } from './neededSecrets';
export { pinImage } from './pinImage';
export {
  changeContainers,
  changePodTemplates,
  containersOf,
  isWorkload,
  podTemplatesOf,
} from './podTemplates';
export type {
  Container,
  FoundTemplate,
  PodSpec,
  PodTemplate,
} from './podTemplates';
export { parseQuantity } from './quantity';
export { readObjects } from './readObjects';
