export { catalogPlatformPlugin as default } from './plugin';
export { catalogPlatformApiRef } from './api';
