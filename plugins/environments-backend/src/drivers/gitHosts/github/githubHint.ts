import { z } from 'zod';
import { fullNameSchema } from '@highroad/plugin-platform-node/git-hosts';
import { WebhookDelivery, WebhookHint } from '../PullRequestHost';
import { readJsonBody } from '../readJsonBody';

const repository = z.object({ full_name: fullNameSchema });
const pullRequestSchema = z.object({
  action: z.string(),
  number: z.number().int().positive(),
  repository,
});
const commentSchema = z.object({
  action: z.string(),
  issue: z.object({
    number: z.number().int().positive(),
    /** There for comments on pull requests, which are issues too */
    pull_request: z.object({}).nullish(),
  }),
  repository,
});

const EVENTS: Record<string, WebhookHint['event'] | undefined> = {
  opened: 'opened',
  synchronize: 'synchronized',
  reopened: 'reopened',
  closed: 'closed',
  edited: 'edited',
};

/** @see https://docs.github.com/en/webhooks/webhook-events-and-payloads */
export function githubHint({
  body,
  header,
}: WebhookDelivery): WebhookHint | undefined {
  const kind = header('x-github-event');
  if (kind === 'pull_request') {
    const found = readJsonBody(body, pullRequestSchema);
    const event = EVENTS[found.action];
    return (
      event && {
        event,
        ...found.repository.full_name,
        number: found.number,
      }
    );
  }
  if (kind === 'issue_comment') {
    const { action, issue, ...found } = readJsonBody(body, commentSchema);
    if (action !== 'created' || !issue.pull_request) return undefined;
    return {
      event: 'commented',
      ...found.repository.full_name,
      number: issue.number,
    };
  }
  return undefined;
}
