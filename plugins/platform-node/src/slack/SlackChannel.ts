import {
  KnownBlock,
  LogLevel,
  WebAPIPlatformError,
  WebClient,
} from '@slack/web-api';
import { z } from 'zod';
import { RefusedError } from './slackErrors';
import { historySchema, listSchema, pagesOf, slackCall } from './slackAnswers';
import { SlackSettings } from './SlackSettings';

/** Where a message is. Slack knows a message by its channel and time. */
export const slackPlaceSchema = z.object({
  channel: z.string(),
  ts: z.string(),
});
export type SlackPlace = z.output<typeof slackPlaceSchema>;

/** What a message says. */
export interface SlackMessage {
  /** For notifications, and for who cannot see blocks */
  text: string;
  blocks: KnownBlock[];
  /** By which it is found again */
  marker: { type: string; id: string };
}

/** A lease is longer than a few of these. */
const CALL_MS = 8_000;
/** Slack's clock and ours differ. */
const SKEW_S = 300;
/** A message that cannot be changed any more is as good as told. */
const UNCHANGEABLE = [
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'is_archived',
];

/** Posts messages, changes them, and finds them again. */
export class SlackChannel {
  readonly #client: WebClient;

  constructor({ token, apiUrl }: SlackSettings) {
    this.#client = new WebClient(token, {
      ...(apiUrl && { slackApiUrl: apiUrl }),
      // Trying again is the deliverer's, who remembers it across restarts.
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      // What fails is said by the deliverer, once and not at each try.
      logLevel: LogLevel.ERROR,
      timeout: CALL_MS,
    });
  }

  /** @param channel - name or id */
  async post(channel: string, message: SlackMessage): Promise<SlackPlace> {
    const { text, blocks, marker } = message;
    const answer = await slackCall('chat.postMessage', () =>
      this.#client.chat.postMessage({
        ...{ channel, text, blocks },
        metadata: {
          event_type: marker.type,
          event_payload: { id: marker.id },
        },
        unfurl_links: false,
      }),
    );
    return slackPlaceSchema.parse(answer);
  }

  /** Changes a message. One that was deleted by a person is not made again. */
  async update(place: SlackPlace, message: SlackMessage): Promise<void> {
    const { text, blocks, marker } = message;
    try {
      await slackCall('chat.update', () =>
        this.#client.chat.update({
          ...{ ...place, text, blocks },
          metadata: {
            event_type: marker.type,
            event_payload: { id: marker.id },
          },
        }),
      );
    } catch (error) {
      const { cause } = error as Error;
      const gone =
        cause instanceof WebAPIPlatformError &&
        UNCHANGEABLE.includes(cause.data.error);
      if (!gone) throw error;
    }
  }

  /**
   * Looks for a message by its marker.
   *
   * @param channel - name or id
   * @param since - ISO 8601
   */
  async find(
    channel: string,
    marker: SlackMessage['marker'],
    since: string,
  ): Promise<SlackPlace | undefined> {
    const id = await this.#idOf(channel);
    const oldest = String(Date.parse(since) / 1000 - SKEW_S);
    const pages = pagesOf(historySchema, cursor =>
      slackCall('conversations.history', () =>
        this.#client.conversations.history({
          ...{ channel: id, oldest, cursor },
          include_all_metadata: true,
          limit: 200,
        }),
      ),
    );
    for await (const { messages } of pages) {
      const found = messages.find(
        ({ metadata }) =>
          metadata?.event_type === marker.type &&
          metadata.event_payload.id === marker.id,
      );
      if (found) return { channel: id, ts: found.ts };
    }
    return undefined;
  }

  /** Only posting takes a name; all else wants the id. */
  async #idOf(channel: string): Promise<string> {
    if (/^[CG][A-Z0-9]{8,20}$/.test(channel)) return channel;
    const name = channel.replace(/^#/, '');
    const pages = pagesOf(listSchema, cursor =>
      slackCall('conversations.list', () =>
        this.#client.conversations.list({
          types: 'public_channel,private_channel',
          exclude_archived: true,
          limit: 1000,
          cursor,
        }),
      ),
    );
    for await (const { channels } of pages) {
      const found = channels.find(one => one.name === name);
      if (found) return found.id;
    }
    throw new RefusedError(
      `Slack has no channel ${channel} that the app sees. Invite the app there, or write the channel's id.`,
    );
  }
}
