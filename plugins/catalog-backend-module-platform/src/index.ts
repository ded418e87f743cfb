export { catalogModulePlatform as default } from './module';
