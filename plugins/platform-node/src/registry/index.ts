export { ImageRegistry } from './ImageRegistry';
export type { ImageTag } from './ImageRegistry';
export type { ResolvedImage } from './ImageReader';
export {
  formatImageReference,
  imageName,
  parseImageReference,
} from './ImageReference';
export type { ImageReference } from './ImageReference';
export { RegistrySettings } from './RegistrySettings';
export * from './registryErrors';
