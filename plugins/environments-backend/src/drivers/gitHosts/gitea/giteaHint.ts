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
  issue: z.object({ number: z.number().int().positive() }),
  is_pull: z.boolean().default(false),
  repository,
});

const EVENTS: Record<string, WebhookHint['event'] | undefined> = {
  opened: 'opened',
  synchronized: 'synchronized',
  reopened: 'reopened',
  closed: 'closed',
  edited: 'edited',
};

/** @see https://docs.gitea.com/usage/webhooks */
export function giteaHint({
  body,
  header,
}: WebhookDelivery): WebhookHint | undefined {
  const kind = header('x-gitea-event');
  // Older versions tell a new commit as an event of its own.
  if (kind === 'pull_request' || kind === 'pull_request_sync') {
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
    const found = readJsonBody(body, commentSchema);
    if (found.action !== 'created' || !found.is_pull) return undefined;
    return {
      event: 'commented',
      ...found.repository.full_name,
      number: found.issue.number,
    };
  }
  return undefined;
}
