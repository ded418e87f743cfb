/**
 * Tells the portal how the sandbox of this machine is doing.
 *
 * @packageDocumentation
 */
export { sandboxPlugin as default } from './plugin';
