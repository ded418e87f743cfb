import { z } from 'zod';
import { GitHostClient } from '@highroad/plugin-platform-node/git-hosts';
import { ChangedPullRequest, PullRequestHost } from './PullRequestHost';
import { commentSchema } from './shapes';

/** In what GitHub and Gitea differ, whose interfaces are otherwise alike. */
export interface Dialect
  extends Pick<PullRequestHost, 'host' | 'kind' | 'isSigned' | 'hintIn'> {
  /** What addresses of pages begin with, without a slash at its end */
  pages: string;
  /** What is accepted where JSON is wanted, and where a file's content is */
  accept: { json: string; file: string };
  /** What a file's path is appended to, below a repository */
  files: 'contents' | 'raw';
  /** Query for open pull requests, in an order that stays: what is opened meanwhile comes last */
  openPullRequests: string;
  /** How it is asked for what has changed in an owner's repositories */
  changes: {
    /** @param since - ISO 8601 in UTC, in whole seconds */
    path(owner: string, since: string): string;
    schema: z.ZodType<ChangedPullRequest[], z.ZodTypeDef, unknown>;
  };
  /** Query for comments, and whether they come in pages */
  comments: { query: Record<string, string>; paged: boolean };
  /** How many things a page has at most */
  pageSize: number;
  /** @returns a test for whether the platform wrote a comment */
  ownership(
    client: GitHostClient,
  ): Promise<(comment: z.output<typeof commentSchema>) => boolean>;
}
