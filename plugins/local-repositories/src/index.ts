/**
 * Pages for repositories kept on the portal's machine.
 *
 * @packageDocumentation
 */
export { localRepositoriesPlugin as default } from './plugin';
export { localRepositoriesApiRef } from './api';
