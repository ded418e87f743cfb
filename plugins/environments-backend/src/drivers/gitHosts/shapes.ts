import { z } from 'zod';
import {
  fullNameSchema,
  GitHostAnswerError,
  isSameRepository,
  RepositoryName,
} from '@highroad/plugin-platform-node/git-hosts';
import { CommitStatus, PullRequest, PullRequestName } from './PullRequestHost';

/** A commit, whole. */
export const commitSchema = z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/);
/** A host's time, as ISO 8601 in UTC. */
export const timeSchema = z
  .string()
  .datetime({ offset: true })
  .transform(text => new Date(text).toISOString());

/** What GitHub and Gitea have in common of a pull request; each field is needed to say what it is. */
export const pullRequestSchema = z.object({
  number: z.number().int().positive(),
  title: z.string(),
  html_url: z.string().url(),
  state: z.enum(['open', 'closed']),
  // GitHub leaves it out in lists.
  merged: z.boolean().optional(),
  merged_at: z.string().nullish(),
  updated_at: timeSchema,
  // A user that is gone.
  user: z.object({ login: z.string() }).nullable(),
  head: z.object({
    ref: z.string().min(1),
    sha: commitSchema,
    // A fork that is gone.
    repo: z.object({ id: z.number() }).nullable(),
  }),
  base: z.object({
    repo: z.object({ id: z.number(), full_name: fullNameSchema }),
  }),
});

/**
 * @param asked - the repository that was asked about
 * @throws GitHostAnswerError where the answer is about another one: a moved repository answers under its new name
 */
export function toPullRequest(
  found: z.output<typeof pullRequestSchema>,
  asked: RepositoryName & { host: string; number?: number },
): PullRequest {
  const { base, head, number } = found;
  const named: PullRequestName = { ...base.repo.full_name, number };
  const other =
    !isSameRepository(named, asked) ||
    (asked.number !== undefined && asked.number !== number);
  if (other) {
    throw new GitHostAnswerError(
      `${asked.host} answered about ${named.owner}/${named.name}#${number}, asked for ${asked.owner}/${asked.name}. Nothing was changed. Where the repository was renamed, correct its address in the catalog.`,
    );
  }
  return {
    owner: asked.owner,
    name: asked.name,
    number,
    title: found.title,
    repositoryId: base.repo.id,
    url: found.html_url,
    state: found.state,
    merged: found.merged ?? Boolean(found.merged_at),
    branch: head.ref,
    commit: head.sha,
    fork: head.repo?.id !== base.repo.id,
    author: found.user?.login ?? 'ghost',
    updatedAt: found.updated_at,
  };
}

export const commentSchema = z.object({
  id: z.number().int(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullable(),
  created_at: timeSchema,
  updated_at: timeSchema,
  performed_via_github_app: z.object({ id: z.number() }).nullish(),
});

/** What both hosts take for a status of a commit. */
export function statusBody(status: CommitStatus) {
  const { state, context, description, url } = status;
  const text =
    description.length > 140 ? `${description.slice(0, 139)}…` : description;
  return { state, context, description: text, ...(url && { target_url: url }) };
}
