/**
 * Form fields of "Create Component".
 *
 * @packageDocumentation
 */
export { createPlugin as default } from './plugin';
export { createClientApiRef } from './api';
