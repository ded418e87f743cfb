import { createHash } from 'node:crypto';
import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { z } from 'zod';

export const BOT = 'highroad-bot';
const TOKEN = 'secret-token';

/** A pull request as a test sets it. */
export interface FakePullRequest {
  state: 'open' | 'closed';
  merged?: boolean;
  commit: string;
  branch?: string;
  fork?: boolean;
  author?: string;
  files?: Record<string, string>;
}

export interface FakeComment {
  id: number;
  number: number;
  author: string;
  body: string;
  at: string;
  changed: string;
  reactions: { author: string; content: string }[];
}

/** How an answer goes wrong. */
export type Fault =
  | { status: number; headers?: Record<string, string> }
  | 'truncated'
  | 'empty'
  | 'empty-list'
  | 'hang-up'
  | 'slow';

export interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: unknown;
}

const bodySchema = z.object({ body: z.string().min(1) }).strict();
const reactionSchema = z
  .object({ content: z.enum(['+1', '-1', 'eyes', 'confused']) })
  .strict();
const statusSchema = z
  .object({
    state: z.enum(['pending', 'success', 'failure', 'error']),
    context: z.string().min(1),
    description: z.string().max(140),
    target_url: z.string().url().optional(),
  })
  .strict();

/**
 * GitHub's interface, as far as it is used here, by its documentation: it refuses requests without the token, the media type or the
 * version, and bodies of another shape; it sends lists in pages with a Link header. One repository, `acme/cart`.
 */
export class GithubServer {
  readonly seen: Seen[] = [];
  readonly pullRequests = new Map<number, FakePullRequest>();
  readonly comments: FakeComment[] = [];
  readonly statuses: { commit: string; state: string; description: string }[] =
    [];
  readonly permissions: Record<string, string> = { [BOT]: 'write' };
  /** Asked before each answer; what it returns goes wrong */
  fault: (request: Seen) => Fault | undefined = () => undefined;
  pageSize = 100;
  /** Answers that said "as before" */
  unchanged = 0;
  repository = 'acme/cart';
  /** Another, where the repository was removed and one of its name made */
  repositoryId = 1;
  /** What the repository was called before; asked for under that, it answers under its new name */
  formerName = '';
  #server: Server | undefined;
  /** Its time, in milliseconds; it goes on as things happen */
  clock = Date.parse('2026-01-01T00:00:00Z');
  #nextId = 1;
  /** By commit; those of earlier ones stay */
  readonly #files = new Map<string, Record<string, string>>();
  readonly #updated = new Map<number, string>();

  /** @returns its address */
  async start(): Promise<string> {
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(
        ({ status, headers, text, cut }) => {
          if (status === 0) {
            request.socket.destroy();
            return;
          }
          const body = Buffer.from(text);
          response.writeHead(status, {
            'Content-Type': 'application/json',
            'Content-Length': body.length,
            ...headers,
          });
          if (!cut) {
            response.end(body);
            return;
          }
          response.write(body.subarray(0, Math.floor(body.length / 2)), () =>
            request.socket.destroy(),
          );
        },
        error => response.writeHead(599).end(String(error)),
      );
    });
    await new Promise<void>(done => {
      this.#server?.listen(0, '127.0.0.1', done);
    });
    const { port } = this.#server.address() as AddressInfo;
    return `127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise(done => this.#server?.close(done));
  }

  /** The host's clock, which moves with everything that happens. */
  tick(): string {
    this.clock += 1000;
    return new Date(this.clock).toISOString().replace('.000Z', 'Z');
  }

  set(number: number, change: Partial<FakePullRequest> & { commit?: string }) {
    const before = this.pullRequests.get(number);
    this.pullRequests.set(number, {
      ...{ state: 'open' as const, commit: commitOf(number) },
      ...before,
      ...change,
    });
    const { commit, files = {} } = this.pullRequests.get(number) ?? change;
    if (commit) this.#files.set(commit, files);
    this.#updated.set(number, this.tick());
  }

  comment(number: number, author: string, body: string): FakeComment {
    const at = this.tick();
    const comment = {
      ...{ id: this.#nextId++, number, author, body, at, changed: at },
      reactions: [],
    };
    this.comments.push(comment);
    this.#updated.set(number, at);
    return comment;
  }

  /** What the platform wrote under a pull request. */
  ownComments(number: number): FakeComment[] {
    return this.comments.filter(
      one => one.number === number && one.author === BOT,
    );
  }

  async #answer(request: IncomingMessage) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const sent = Buffer.concat(chunks).toString('utf8');
    const seen: Seen = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: sent ? JSON.parse(sent) : undefined,
    };
    this.seen.push(seen);
    const fault = this.fault(seen);
    if (fault === 'slow') await new Promise(done => request.on('close', done));
    if (fault === 'hang-up' || fault === 'slow') return none(0);
    if (fault === 'empty') return { ...none(200), text: '' };
    if (fault === 'empty-list') return { ...none(200), text: '[]' };
    if (fault !== undefined && fault !== 'truncated') {
      return { ...none(fault.status), headers: fault.headers ?? {} };
    }
    const answer = this.#route(seen);
    const text = answer.raw ?? JSON.stringify(answer.body ?? {});
    const etag = `"${createHash('sha256').update(text).digest('hex')}"`;
    if (seen.headers['if-none-match'] === etag) {
      this.unchanged += 1;
      return { ...none(304), text: '' };
    }
    return {
      status: answer.status,
      headers: { ...answer.headers, etag },
      text,
      cut: fault === 'truncated',
    };
  }

  #route(seen: Seen): {
    status: number;
    body?: unknown;
    raw?: string;
    headers?: Record<string, string>;
  } {
    const { method, headers } = seen;
    const url = new URL(seen.path, 'http://host');
    if (headers.authorization !== `Bearer ${TOKEN}`) return { status: 401 };
    if (!headers.accept?.startsWith('application/vnd.github')) {
      return { status: 415 };
    }
    if (headers['x-github-api-version'] !== '2022-11-28') {
      return { status: 400 };
    }
    if (url.pathname === '/user') return ok({ login: BOT });
    if (url.pathname === '/search/issues') return this.#search(url);
    const path = url.pathname
      .replace(`/repos/${this.formerName || this.repository}/`, '/')
      .replace(`/repos/${this.repository}/`, '/');
    if (path === url.pathname) return { status: 404 };
    if (method === 'GET' && path === '/pulls') return this.#list(url);
    const pull = /^\/pulls\/(\d+)$/.exec(path);
    if (method === 'GET' && pull) {
      const number = Number(pull[1]);
      return this.pullRequests.has(number)
        ? ok({
            ...this.#pullRequest(number),
            merged: this.pullRequests.get(number)?.merged ?? false,
          })
        : { status: 404 };
    }
    const file = /^\/contents\/(.+)$/.exec(path);
    if (method === 'GET' && file) {
      const raw = this.#file(
        decodeURIComponent(file[1]),
        url.searchParams.get('ref'),
      );
      return raw === undefined ? { status: 404 } : { status: 200, raw };
    }
    const permission = /^\/collaborators\/([^/]+)\/permission$/.exec(path);
    if (method === 'GET' && permission) {
      return ok({ permission: this.permissions[permission[1]] ?? 'none' });
    }
    const status = /^\/statuses\/([0-9a-f]{40})$/.exec(path);
    if (method === 'POST' && status) {
      const { state, description } = statusSchema.parse(seen.body);
      this.statuses.push({ commit: status[1], state, description });
      return { status: 201 };
    }
    return this.#commentRoute(seen, path, url);
  }

  #commentRoute(seen: Seen, path: string, url: URL) {
    const { method } = seen;
    const ofPull = /^\/issues\/(\d+)\/comments$/.exec(path);
    if (ofPull && method === 'GET') {
      const since = url.searchParams.get('since') ?? '';
      const found = this.comments.filter(
        one =>
          one.number === Number(ofPull[1]) &&
          (!since || Date.parse(one.changed) >= Date.parse(since)),
      );
      return this.#page(url, found.map(toJson));
    }
    if (ofPull && method === 'POST') {
      const { body } = bodySchema.parse(seen.body);
      const made = this.comment(Number(ofPull[1]), BOT, body);
      return { status: 201, body: toJson(made) };
    }
    const one = /^\/issues\/comments\/(\d+)(\/reactions)?$/.exec(path);
    const comment =
      one && this.comments.find(({ id }) => id === Number(one[1]));
    if (!comment) return { status: 404 };
    if (one[2]) {
      const { content } = reactionSchema.parse(seen.body);
      const has = comment.reactions.some(
        reaction => reaction.author === BOT && reaction.content === content,
      );
      if (!has) comment.reactions.push({ author: BOT, content });
      return { status: has ? 200 : 201, body: { content } };
    }
    if (method === 'DELETE') {
      this.comments.splice(this.comments.indexOf(comment), 1);
      return { status: 204, raw: '' };
    }
    const { body } = bodySchema.parse(seen.body);
    comment.body = body;
    comment.changed = this.tick();
    this.#updated.set(comment.number, comment.changed);
    return ok(toJson(comment));
  }

  /** As for `is:pr user:acme updated:>=2026-01-01T00:00:00Z`, the newest first. */
  #search(url: URL) {
    const asked = /^is:pr user:(\S+) updated:>=(\S+Z)$/.exec(
      url.searchParams.get('q') ?? '',
    );
    if (!asked || url.searchParams.get('sort') !== 'updated') {
      return { status: 422 };
    }
    const [, owner, since] = asked;
    const items = [...this.pullRequests.keys()]
      .map(number => this.#pullRequest(number))
      .filter(
        ({ updated_at }) =>
          this.repository.startsWith(`${owner}/`) &&
          Date.parse(updated_at ?? '') >= Date.parse(since),
      )
      .sort((a, b) => String(b.updated_at).localeCompare(String(a.updated_at)))
      .slice(0, this.pageSize)
      .map(({ number, state, updated_at }) => ({
        ...{ number, state, updated_at },
        repository_url: `https://api.github.com/repos/${this.repository}`,
      }));
    return ok({
      ...{ total_count: items.length, incomplete_results: false, items },
    });
  }

  #list(url: URL) {
    const items = [...this.pullRequests.keys()]
      .sort((a, b) => a - b)
      .filter(number => this.pullRequests.get(number)?.state === 'open')
      .map(number => this.#pullRequest(number));
    return this.#page(url, items);
  }

  #page(url: URL, items: unknown[]) {
    const page = Number(url.searchParams.get('page') ?? 1);
    const first = (page - 1) * this.pageSize;
    const more = items.length > first + this.pageSize;
    return {
      ...ok(items.slice(first, first + this.pageSize)),
      ...(more && {
        headers: { link: `<http://host/next?page=${page + 1}>; rel="next"` },
      }),
    };
  }

  #pullRequest(number: number) {
    const found = this.pullRequests.get(number);
    return {
      number,
      title: `Change ${number}`,
      html_url: `https://github.example.com/${this.repository}/pull/${number}`,
      state: found?.state,
      merged_at: found?.merged ? '2026-01-01T00:00:00Z' : null,
      updated_at: this.#updated.get(number),
      user: { login: found?.author ?? 'ann' },
      head: {
        ref: found?.branch ?? 'feature',
        sha: found?.commit,
        repo: { id: found?.fork ? -1 : this.repositoryId },
      },
      base: { repo: { id: this.repositoryId, full_name: this.repository } },
    };
  }

  #file(path: string, ref: string | null): string | undefined {
    return this.#files.get(ref ?? '')?.[path];
  }
}

/** A commit's name that is different for each number. */
export function commitOf(number: number): string {
  return number.toString(16).padStart(40, '0');
}

function ok(body: unknown) {
  return { status: 200, body };
}

function none(status: number) {
  return {
    ...{ status, text: '{}', cut: false },
    headers: {} as Record<string, string>,
  };
}

function toJson({ id, author, body, at, changed }: FakeComment) {
  return {
    ...{ id, body, user: { login: author } },
    ...{ created_at: at, updated_at: changed, performed_via_github_app: null },
  };
}
