/**
 * For tests: answers as Slack does.
 *
 * @packageDocumentation
 */
export { SlackServer, TOKEN } from './SlackServer';
export type { KeptMessage } from './SlackServer';
