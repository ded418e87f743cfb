import { Config } from '@backstage/config';
import { readConfigAs } from '../access/readConfigAs';
import { z } from 'zod';

/** Name or id of a channel, as Slack writes it. */
export const slackChannelSchema = z
  .string()
  .regex(
    /^(#?[a-z0-9_-]{1,80}|[CG][A-Z0-9]{8,20})$/,
    'write a channel such as "#deployments", or its id',
  );

const slackSchema = z
  .object({
    token: z
      .string()
      .regex(/^xox[a-z]-/, 'use the token of an app’s bot, xoxb-…'),
    channel: slackChannelSchema.optional(),
    apiUrl: z
      .string()
      .url()
      .transform(text => text.replace(/\/?$/, '/'))
      .optional(),
  })
  .strict()
  .optional();

/** How Slack is told what happens. */
export interface SlackSettings {
  /** Of an app's bot */
  token: string;
  /** Where nothing else says one */
  channel?: string;
  /** With a slash at its end; Slack's own if left out */
  apiUrl?: string;
}

/**
 * @returns nothing where Slack is not connected
 * @throws InputError with the path of a bad key under `platform.slack`
 */
export function readSlackSettings(config: Config): SlackSettings | undefined {
  return readConfigAs(config, 'platform.slack', slackSchema);
}
