/**
 * The `platform` command.
 *
 * @packageDocumentation
 */
export { runPlatform } from './runPlatform';
export { default } from './module';
