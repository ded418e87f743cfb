import { z } from 'zod';
import {
  GitHostClient,
  GitHostNotFoundError,
  GitHostRequest,
  RepositoryName,
  repositoryPath,
} from '@highroad/plugin-platform-node/git-hosts';
import { Dialect } from './Dialect';
import {
  ChangedPullRequest,
  CommitStatus,
  PullRequest,
  PullRequestComment,
  PullRequestHost,
  PullRequestName,
  pullRequestText,
  Reaction,
  WebhookDelivery,
} from './PullRequestHost';
import {
  commentSchema,
  pullRequestSchema,
  statusBody,
  toPullRequest,
} from './shapes';
import { upsertComment } from './upsertComment';

const LARGEST_FILE = 256 * 1024;

const permissionSchema = z.object({
  permission: z.enum(['owner', 'admin', 'write', 'read', 'none']),
});
const MAY_WRITE = ['owner', 'admin', 'write'];

type FoundComment = z.output<typeof commentSchema>;

/**
 * A Git host that is asked by HTTP.
 *
 * @see https://docs.github.com/en/rest and https://docs.gitea.com/api
 */
export class RestHost implements PullRequestHost {
  readonly #client: GitHostClient;
  readonly #dialect: Dialect;
  #own: Promise<(comment: FoundComment) => boolean> | undefined;

  constructor(options: { client: GitHostClient; dialect: Dialect }) {
    this.#client = options.client;
    this.#dialect = options.dialect;
  }

  get host(): string {
    return this.#dialect.host;
  }

  get kind(): 'github' | 'gitea' {
    return this.#dialect.kind;
  }

  repositoryUrl({ owner, name }: RepositoryName): string {
    return `${this.#dialect.pages}/${owner}/${name}`;
  }

  commitUrl(repository: RepositoryName, commit: string): string {
    return `${this.repositoryUrl(repository)}/commit/${commit}`;
  }

  isSigned(delivery: WebhookDelivery): boolean {
    return this.#dialect.isSigned(delivery);
  }

  hintIn(delivery: WebhookDelivery) {
    return this.#dialect.hintIn(delivery);
  }

  async pullRequest(
    name: PullRequestName,
    signal?: AbortSignal,
  ): Promise<PullRequest> {
    const found = await this.#client.json(
      this.#request({
        path: `${repositoryPath(name)}/pulls/${name.number}`,
        about: pullRequestText(name),
        signal,
      }),
      pullRequestSchema,
    );
    return toPullRequest(found, { ...name, host: this.host });
  }

  async openPullRequests(
    repository: RepositoryName,
    signal?: AbortSignal,
  ): Promise<PullRequest[]> {
    const { openPullRequests, pageSize } = this.#dialect;
    const found = await this.#client.pages(
      this.#request({
        path: `${repositoryPath(repository)}/pulls?${openPullRequests}`,
        about: `the open pull requests of ${repository.owner}/${repository.name}`,
        pageSize,
        signal,
      }),
      pullRequestSchema,
    );
    return found.map(one =>
      toPullRequest(one, { ...repository, host: this.host }),
    );
  }

  async changedPullRequests(
    owner: string,
    since: Date,
    signal?: AbortSignal,
  ): Promise<ChangedPullRequest[]> {
    const { changes } = this.#dialect;
    const seconds = `${since.toISOString().slice(0, 19)}Z`;
    return this.#client.json(
      this.#request({
        path: changes.path(owner, seconds),
        about: `what changed in the repositories of ${owner}`,
        ...{ owner, signal },
      }),
      changes.schema,
    );
  }

  async file(
    repository: RepositoryName,
    at: { path: string; commit: string },
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    const { accept, files } = this.#dialect;
    const path = at.path.split('/').map(encodeURIComponent).join('/');
    return unlessAbsent(async () => {
      const { text } = await this.#client.send({
        path: `${repositoryPath(repository)}/${files}/${path}?ref=${at.commit}`,
        accept: accept.file,
        about: `${at.path} of ${repository.owner}/${repository.name}`,
        maxBytes: LARGEST_FILE,
        signal,
      });
      return text;
    });
  }

  async comments(
    name: PullRequestName,
    since?: string,
    signal?: AbortSignal,
  ): Promise<PullRequestComment[]> {
    const { comments, pageSize } = this.#dialect;
    const query = new URLSearchParams({
      ...comments.query,
      ...(since && { since }),
    });
    const request = this.#request({
      path: `${repositoryPath(name)}/issues/${name.number}/comments?${query}`,
      about: `the comments of ${pullRequestText(name)}`,
      pageSize,
      signal,
    });
    const found = comments.paged
      ? await this.#client.pages(request, commentSchema)
      : await this.#client.list(request, commentSchema);
    const isOwn = await this.#ownership();
    return found.map(one => toComment(one, isOwn));
  }

  async upsertComment(
    name: PullRequestName,
    comment: { marker: string; body: string; known?: string },
    signal?: AbortSignal,
  ): Promise<PullRequestComment> {
    const issues = `${repositoryPath(name)}/issues`;
    const about = `the comment on ${pullRequestText(name)}`;
    const isOwn = await this.#ownership();
    const write = async (
      method: 'POST' | 'PATCH',
      path: string,
      body: string,
    ) => {
      const found = await this.#client.json(
        this.#request({
          ...{ method, path, about, signal },
          body: { body },
          repeatable: method === 'PATCH',
        }),
        commentSchema,
      );
      return toComment(found, isOwn);
    };
    return upsertComment(
      {
        all: () => this.comments(name, undefined, signal),
        create: body =>
          write('POST', `${issues}/${name.number}/comments`, body),
        change: (id, body) => write('PATCH', `${issues}/comments/${id}`, body),
        remove: async id => {
          const path = `${issues}/comments/${id}`;
          await unlessAbsent(() =>
            this.#client.send(
              this.#request({ method: 'DELETE', path, about, signal }),
            ),
          );
        },
      },
      comment,
    );
  }

  async react(
    name: PullRequestName,
    { comment, content }: { comment: string; content: Reaction },
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#client.send(
      this.#request({
        method: 'POST',
        path: `${repositoryPath(name)}/issues/comments/${comment}/reactions`,
        body: { content },
        about: `a reaction on ${pullRequestText(name)}`,
        repeatable: true,
        signal,
      }),
    );
  }

  async setCommitStatus(
    repository: RepositoryName,
    commit: string,
    status: CommitStatus,
    signal?: AbortSignal,
  ): Promise<void> {
    const { owner, name } = repository;
    await this.#client.send(
      this.#request({
        method: 'POST',
        path: `${repositoryPath(repository)}/statuses/${commit}`,
        body: statusBody(status),
        about: `the status of ${commit.slice(0, 7)} in ${owner}/${name}`,
        repeatable: true,
        signal,
      }),
    );
  }

  async hasWriteAccess(
    repository: RepositoryName,
    person: string,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const { owner, name } = repository;
    const of = `${repositoryPath(repository)}/collaborators`;
    // Somebody who is no user at all may do nothing.
    const found = await unlessAbsent(() =>
      this.#client.json(
        this.#request({
          path: `${of}/${encodeURIComponent(person)}/permission`,
          about: `what ${person} may do in ${owner}/${name}`,
          signal,
        }),
        permissionSchema,
      ),
    );
    return found !== undefined && MAY_WRITE.includes(found.permission);
  }

  #request<T extends GitHostRequest>(request: T): T {
    return { accept: this.#dialect.accept.json, ...request };
  }

  /** Found out once; a failure is not kept. */
  #ownership() {
    this.#own ??= this.#dialect.ownership(this.#client).catch(error => {
      this.#own = undefined;
      throw error;
    });
    return this.#own;
  }
}

function toComment(
  found: FoundComment,
  isOwn: (comment: FoundComment) => boolean,
): PullRequestComment {
  return {
    id: String(found.id),
    author: found.user?.login ?? 'ghost',
    body: found.body ?? '',
    createdAt: found.created_at,
    updatedAt: found.updated_at,
    own: isOwn(found),
  };
}

async function unlessAbsent<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GitHostNotFoundError) return undefined;
    throw error;
  }
}
