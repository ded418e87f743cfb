import { GitHostNotFoundError } from '@highroad/plugin-platform-node/git-hosts';
import { hidden, PullRequestComment } from './PullRequestHost';

/** What a host can do with comments. */
export interface CommentCalls {
  all(): Promise<PullRequestComment[]>;
  create(body: string): Promise<PullRequestComment>;
  /** @throws GitHostNotFoundError where it was deleted */
  change(id: string, body: string): Promise<PullRequestComment>;
  remove(id: string): Promise<void>;
}

/**
 * Sees to it that there is exactly one comment of ours with a marker. It is looked for before one is made, since whoever came
 * before may have been killed between making it and remembering that.
 */
export async function upsertComment(
  calls: CommentCalls,
  comment: { marker: string; body: string; known?: string },
): Promise<PullRequestComment> {
  const body = `${comment.body}\n\n${hidden(comment.marker)}`;
  if (comment.known !== undefined) {
    try {
      return await calls.change(comment.known, body);
    } catch (error) {
      if (!(error instanceof GitHostNotFoundError)) throw error;
    }
  }
  const [first, ...others] = (await calls.all()).filter(
    // Anybody can write a comment with the marker in it; only ours are changed.
    one => one.own && one.body.includes(hidden(comment.marker)),
  );
  if (!first) return calls.create(body);
  for (const { id } of others) await calls.remove(id);
  return first.body === body ? first : calls.change(first.id, body);
}
