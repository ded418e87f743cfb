import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';

const TOKEN = 'a-token';
const PAGE = 100;

interface PullRequest {
  number: number;
  title: string;
  body?: string;
  labels?: string[];
  merged: boolean;
  updatedAt: string;
}

/**
 * GitHub's interface as far as history is read from it, by its documentation: without the token, the media type or the version it
 * refuses; lists come in pages with a Link header, what changed last first. One repository, `acme/cart`.
 */
export class GithubHistory {
  readonly pullRequests: PullRequest[] = [];
  readonly asked: string[] = [];
  /** Answers only so many requests, and then wants to be left alone */
  allowed = Infinity;
  #server: Server | undefined;

  /** @returns its host */
  async start(): Promise<string> {
    this.#server = createServer((request, response) => {
      const { status, body, headers } = this.#answer(request);
      response.writeHead(status, {
        'Content-Type': 'application/json',
        ...headers,
      });
      response.end(JSON.stringify(body));
    });
    await new Promise<void>(done => {
      this.#server?.listen(0, '127.0.0.1', done);
    });
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise(done => this.#server?.close(done));
  }

  /** A hash as of the merge of a pull request, or of its only commit. */
  static sha(kind: 'merge' | 'commit', number: number): string {
    return `${kind === 'merge' ? 'a' : 'b'}${number}`
      .padEnd(40, '0')
      .replaceAll(/[^0-9a-f]/g, '0');
  }

  #answer({ headers, url = '' }: IncomingMessage): {
    status: number;
    body: unknown;
    headers?: Record<string, string>;
  } {
    this.asked.push(url);
    if (
      headers.authorization !== `Bearer ${TOKEN}` ||
      headers.accept !== 'application/vnd.github+json' ||
      headers['x-github-api-version'] !== '2022-11-28'
    ) {
      return { status: 401, body: { message: 'Requires authentication' } };
    }
    if (this.allowed-- <= 0) {
      return {
        ...{ status: 403, body: { message: 'API rate limit exceeded' } },
        headers: {
          ...{ 'x-ratelimit-remaining': '0', 'retry-after': '1800' },
        },
      };
    }
    const { pathname, searchParams } = new URL(url, 'http://github.test');
    const commits = /^\/repos\/acme\/cart\/pulls\/(\d+)\/commits$/.exec(
      pathname,
    );
    if (commits) return { status: 200, body: [commitOf(Number(commits[1]))] };
    // There are none of the label that is asked for.
    if (pathname === '/repos/acme/cart/issues') {
      return { status: 200, body: [] };
    }
    const wanted =
      pathname === '/repos/acme/cart/pulls' &&
      searchParams.get('state') === 'closed' &&
      searchParams.get('sort') === 'updated' &&
      searchParams.get('direction') === 'desc' &&
      searchParams.get('per_page') === String(PAGE);
    if (!wanted) return { status: 404, body: { message: 'Not Found' } };
    const all = [...this.pullRequests].sort((a, b) =>
      a.updatedAt < b.updatedAt ? 1 : -1,
    );
    const page = Number(searchParams.get('page'));
    const items = all.slice((page - 1) * PAGE, page * PAGE).map(bodyOf);
    return { status: 200, body: items };
  }
}

export const GITHUB_TOKEN = TOKEN;

function bodyOf(one: PullRequest) {
  const { number, title, body = null, labels = [], merged, updatedAt } = one;
  return {
    ...{ number, title, body, labels: labels.map(name => ({ name })) },
    html_url: `https://github.test/acme/cart/pull/${number}`,
    created_at: '2026-01-01T00:00:00Z',
    merged_at: merged ? '2026-03-01T00:00:00Z' : null,
    merge_commit_sha: merged ? GithubHistory.sha('merge', number) : null,
    updated_at: updatedAt,
  };
}

function commitOf(number: number) {
  return {
    sha: GithubHistory.sha('commit', number),
    commit: { author: { name: 'Anna', date: '2026-02-01T00:00:00Z' } },
  };
}
