import { SlackMessage, slackText } from '@highroad/plugin-platform-node/slack';
import { EnvironmentResource } from '../service/EnvironmentResources';
import { Occasion } from './occasions';

const MARKER = 'highroad_environment';

/**
 * What is written in Slack of an environment.
 *
 * @param portalUrl - without a slash at its end
 */
export function messageOf(
  { home, name, spec, status, uid }: EnvironmentResource,
  { id, title, text }: Occasion,
  portalUrl: string,
): SlackMessage {
  const page = `${portalUrl}/environments/${encodeURIComponent(
    name,
  )}?home=${encodeURIComponent(home)}`;
  const { pullRequest } = spec ?? {};
  const of = pullRequest
    ? `${pullRequest.repository}#${pullRequest.number}`
    : status.owner ?? spec?.owner ?? '';
  const link = (url: string | undefined, words: string) =>
    url ? `<${slackText(url)}|${slackText(words)}>` : slackText(words);
  return {
    text: `${title}: environment ${slackText(name)}. ${slackText(text)}`,
    blocks: [
      {
        type: 'section',
        text: {
          type: 'mrkdwn',
          text: `*${title}* ${link(page, `environment ${name}`)}\n${slackText(
            text,
          )}`,
        },
      },
      ...(of
        ? [
            {
              type: 'context' as const,
              elements: [
                {
                  type: 'mrkdwn' as const,
                  text: link(pullRequest?.url, of),
                },
              ],
            },
          ]
        : []),
    ],
    marker: { type: MARKER, id: `${uid} ${id}` },
  };
}
