import {
  GitHost,
  GitHostAnswerError,
  GitHostRequest,
  RepositoryName,
  repositoryPath,
} from '@highroad/plugin-platform-node/git-hosts';
import { z } from 'zod';
import {
  Closed,
  closedSchema,
  commitSchema,
  Issue,
  issueSchema,
} from './shapes';

/** In what the hosts differ. */
const DIALECTS = {
  github: {
    accept: 'application/vnd.github+json',
    pageSize: 100,
    size: 'per_page=100',
    latest: 'sort=updated&direction=desc',
    issues: 'sort=updated&direction=asc',
  },
  gitea: {
    accept: 'application/json',
    pageSize: 50,
    size: 'limit=50',
    latest: 'sort=recentupdate',
    issues: 'type=issues',
  },
} as const;

/** Commits of a change that are told of; GitHub lists no more than 250. */
const MOST_COMMITS = 5_000;

/**
 * Reads what delivery is counted from of a repository at its host.
 *
 * @see https://docs.github.com/en/rest and https://docs.gitea.com/api
 */
export class HostReader {
  readonly #host: GitHost;
  readonly #path: string;
  readonly #name: string;

  constructor(host: GitHost, repository: RepositoryName) {
    this.#host = host;
    this.#path = repositoryPath(repository);
    this.#name = `${repository.owner}/${repository.name}`;
  }

  /**
   * Pull requests that are closed, what changed last first.
   *
   * @param page - from 1
   */
  async closed(
    page: number,
    signal: AbortSignal,
  ): Promise<{ items: Closed[]; isLast: boolean }> {
    const { size, latest, pageSize } = this.#dialect;
    const items = await this.#host.client.json(
      this.#request({
        path: `${this.#path}/pulls?state=closed&${latest}&${size}&page=${page}`,
        about: `the closed pull requests of ${this.#name}`,
        signal,
      }),
      z.array(closedSchema),
    );
    return { items, isLast: items.length < pageSize };
  }

  /** Commits of a pull request with when they were written, without those beyond what the host lists. */
  async commits(
    number: number,
    signal: AbortSignal,
  ): Promise<Array<{ commit: string; authoredAt: string }>> {
    const { size, pageSize } = this.#dialect;
    const found = await this.#host.client.pages(
      {
        ...this.#request({
          path: `${this.#path}/pulls/${number}/commits?${size}`,
          about: `the commits of ${this.#name}#${number}`,
          signal,
        }),
        pageSize,
      },
      commitSchema,
    );
    if (found.length === 0) {
      throw new GitHostAnswerError(
        `${this.#host.host} knows no commit of ${this.#name}#${number}.`,
      );
    }
    return found.slice(0, MOST_COMMITS).map(({ sha, commit }) => ({
      commit: sha,
      authoredAt: commit.author.date,
    }));
  }

  /** Issues with a label that changed since then. */
  async issues(
    options: { label?: string; since?: string },
    signal: AbortSignal,
  ): Promise<Issue[]> {
    const { size, issues, pageSize } = this.#dialect;
    const { label, since } = options;
    const asked = new URLSearchParams({
      state: 'all',
      ...(label && { labels: label }),
      ...(since && { since }),
    });
    const found = await this.#host.client.pages(
      {
        ...this.#request({
          path: `${this.#path}/issues?${asked}&${issues}&${size}`,
          about: `the issues of ${this.#name}`,
          signal,
        }),
        pageSize,
      },
      issueSchema,
    );
    return found.filter(one => !one.pull_request);
  }

  get #dialect() {
    return DIALECTS[this.#host.kind];
  }

  #request(request: GitHostRequest): GitHostRequest {
    return { ...request, accept: this.#dialect.accept };
  }
}
