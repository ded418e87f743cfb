import { Deployment } from '@highroad/plugin-deployments-common';
import {
  SlackChannel,
  slackChannelSchema,
  SlackMessage,
  slackPlaceSchema,
  slackText,
} from '@highroad/plugin-platform-node/slack';
import { Contacts } from './Contacts';
import { Message, Target } from './Target';
import { askerOf, stateText, subjectOf } from './words';

const MARKER = 'highroad_deployment';
/** The clock that a deployment was dated by may be ahead of Slack's by so much, and its message still be found. */
const CLOCKS_MS = 3 * 3_600_000;

/** One message in Slack for each deployment, which is changed as it goes on. */
export class SlackTarget implements Target {
  readonly name = 'slack';
  readonly #baseUrl: string;
  readonly #channelOf: (environment: string) => string | undefined;
  readonly #contacts: Contacts;
  readonly #slack: SlackChannel;

  constructor(options: {
    /** Of the portal */
    baseUrl: string;
    /** Where deployments to an environment are told, unless the service has a channel of its own */
    channelOf: (environment: string) => string | undefined;
    contacts: Contacts;
    slack: SlackChannel;
  }) {
    this.#baseUrl = options.baseUrl.replace(/\/$/, '');
    this.#channelOf = options.channelOf;
    this.#contacts = options.contacts;
    this.#slack = options.slack;
  }

  async tell(message: Message): Promise<unknown> {
    const { deployment, place, attempted, attempting } = message;
    const content = this.#content(deployment);
    const known = slackPlaceSchema.safeParse(place);
    if (known.success) {
      await this.#slack.update(known.data, content);
      return known.data;
    }
    const channel = await this.#channel(deployment);
    if (!channel) return undefined;
    const asked = Date.parse(deployment.requestedAt);
    const since = new Date(asked - CLOCKS_MS).toISOString();
    const found = attempted
      ? await this.#slack.find(channel, content.marker, since)
      : undefined;
    if (found) {
      await this.#slack.update(found, content);
      return found;
    }
    await attempting();
    return this.#slack.post(channel, content);
  }

  async #channel(deployment: Deployment): Promise<string | undefined> {
    const { slackChannel } = await this.#contacts.of(deployment.service);
    // What is no channel is reported on the service's page, and must not keep the message back.
    const own = slackChannelSchema.safeParse(slackChannel);
    return own.success ? own.data : this.#channelOf(deployment.environment);
  }

  #content(deployment: Deployment): SlackMessage {
    const { id, state, summary, reason } = deployment;
    const subject = subjectOf(deployment);
    const lines = [
      `*${slackText(stateText(state))}* <${
        this.#baseUrl
      }/deployments/${id}|${slackText(subject)}>`,
      slackText(summary),
    ];
    const who = [`Asked for by ${askerOf(deployment)}`, reason && `“${reason}”`]
      .filter(Boolean)
      .join(': ');
    return {
      text: `${stateText(state)}: ${slackText(subject)}. ${slackText(summary)}`,
      blocks: [
        {
          type: 'section',
          text: { type: 'mrkdwn', text: lines.join('\n') },
        },
        {
          type: 'context',
          elements: [{ type: 'mrkdwn', text: slackText(who) }],
        },
      ],
      marker: { type: MARKER, id },
    };
  }
}
