/**
 * Telling people in Slack what happens.
 *
 * @packageDocumentation
 */
export { SlackChannel, slackPlaceSchema } from './SlackChannel';
export type { SlackMessage, SlackPlace } from './SlackChannel';
export { readSlackSettings, slackChannelSchema } from './SlackSettings';
export type { SlackSettings } from './SlackSettings';
export { DelayedError, RefusedError } from './slackErrors';
export { slackText } from './slackText';
