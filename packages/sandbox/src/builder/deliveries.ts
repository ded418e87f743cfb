import { Build, BuildRef } from '@highroad/plugin-sandbox-common';
import { z } from 'zod';

/** What is to be built. */
export interface BuildRequest {
  repository: string;
  commit: string;
  ref: BuildRef;
  cause: Build['cause'];
}

const commit = z.string().regex(/^[0-9a-f]{40,64}$/);
/** Names as Gitea has them; they become part of paths and image names. */
export const repositoryName = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9_][\w.-]*$/);

const pushSchema = z.object({
  ref: z.string(),
  after: commit,
  repository: z.object({ full_name: repositoryName }),
});

const pullRequestSchema = z.object({
  action: z.string(),
  number: z.number().int().positive(),
  pull_request: z.object({
    head: z.object({ sha: commit, ref: z.string() }),
  }),
  repository: z.object({ full_name: repositoryName }),
});

/** After these a pull request has a head that may not have been built. */
const NEW_HEAD = ['opened', 'reopened', 'synchronized'];

/**
 * What a delivery of Gitea's webhook asks to be built.
 *
 * @param event - X-Gitea-Event
 * @returns undefined for one that asks for nothing, such as a deleted branch or a tag
 * @throws ZodError for a delivery in another shape
 */
export function requestIn(
  event: string,
  body: unknown,
): BuildRequest | undefined {
  if (event === 'push') {
    const { ref, after, repository } = pushSchema.parse(body);
    if (!ref.startsWith('refs/heads/') || /^0+$/.test(after)) return undefined;
    return {
      repository: repository.full_name,
      commit: after,
      ref: { kind: 'branch', branch: ref.slice('refs/heads/'.length) },
      cause: 'push',
    };
  }
  if (event === 'pull_request' || event === 'pull_request_sync') {
    const { action, number, pull_request, repository } =
      pullRequestSchema.parse(body);
    if (!NEW_HEAD.includes(action)) return undefined;
    const { sha, ref } = pull_request.head;
    return {
      repository: repository.full_name,
      commit: sha,
      ref: { kind: 'pull-request', number, branch: ref },
      cause: 'pull-request',
    };
  }
  return undefined;
}
