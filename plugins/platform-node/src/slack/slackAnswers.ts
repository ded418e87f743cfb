import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { z } from 'zod';
import { DelayedError, RefusedError } from './slackErrors';

/** More can't come between a post that was cut off and the next try. */
const MOST_PAGES = 10;

const rest = z.object({ next_cursor: z.string().optional() }).optional();
/** What `conversations.history` answers. */
export const historySchema = z.object({
  messages: z
    .array(
      z.object({
        ts: z.string(),
        metadata: z
          .object({
            event_type: z.string(),
            event_payload: z.record(z.unknown()).default({}),
          })
          .optional(),
      }),
    )
    .default([]),
  response_metadata: rest,
});
/** What `conversations.list` answers. */
export const listSchema = z.object({
  channels: z
    .array(z.object({ id: z.string(), name: z.string().optional() }))
    .default([]),
  response_metadata: rest,
});

/** The pages of an answer, ten at most. */
export async function* pagesOf<
  T extends { response_metadata?: { next_cursor?: string } },
>(
  schema: z.ZodType<T, z.ZodTypeDef, unknown>,
  call: (cursor: string | undefined) => Promise<unknown>,
): AsyncGenerator<T> {
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = schema.parse(await call(cursor));
    yield answer;
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) return;
  }
}

/**
 * Calls a method of Slack.
 *
 * @throws DelayedError, RefusedError if it certainly had no effect; else what came
 */
export async function slackCall<T>(
  method: string,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof WebAPIRateLimitedError) {
      throw new DelayedError(
        `Slack wants fewer messages, for ${error.retryAfter} seconds`,
        error.retryAfter * 1000,
      );
    }
    if (error instanceof WebAPIPlatformError) {
      const refused = new RefusedError(
        `Slack refuses ${method}: ${error.data.error}${fixOf(
          error.data.error,
        )}`,
      );
      refused.cause = error;
      throw refused;
    }
    throw error;
  }
}

function fixOf(code: string): string {
  switch (code) {
    case 'not_in_channel':
      return '. Invite the app to the channel.';
    case 'channel_not_found':
      return '. Is it written as in Slack, and is the app in it?';
    case 'missing_scope':
      return '. The app needs chat:write, channels:history and channels:read (and groups:… for private channels).';
    case 'invalid_auth':
    case 'account_inactive':
    case 'token_revoked':
      return '. Replace platform.slack.token.';
    default:
      return '';
  }
}
