/**
 * Pages for the sandbox that runs on the portal's machine.
 *
 * @packageDocumentation
 */
export { sandboxPlugin as default } from './plugin';
export { sandboxApiRef } from './api';
