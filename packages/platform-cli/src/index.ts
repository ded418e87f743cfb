/**
 * The `platform` command.
 *
 * @packageDocumentation
 */
export { main } from './main';
export { runPlatform } from './runPlatform';
export { default } from './module';
