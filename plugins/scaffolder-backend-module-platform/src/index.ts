/**
 * Scaffolder actions that compose, publish and register a service.
 *
 * @packageDocumentation
 */
export { scaffolderModulePlatform as default } from './module';
