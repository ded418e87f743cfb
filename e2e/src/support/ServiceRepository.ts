import { TestSandbox } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { until } from './until';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const treeSchema = z.object({
  tree: z.array(
    z.object({ path: z.string(), type: z.string(), sha: z.string() }),
  ),
});
const contentSchema = z.object({ content: z.string() });
const committedSchema = z.object({ commit: z.object({ sha: z.string() }) });
const branchSchema = z.object({ commit: z.object({ id: z.string() }) });
const tagsSchema = z.object({ tags: z.array(z.string()).nullish() });
const pullRequestSchema = z.object({
  number: z.number(),
  html_url: z.string(),
});
const commentsSchema = z.array(z.object({ body: z.string() }));

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
type Ask = (method: Method, path: string, body?: object) => Promise<unknown>;

/** Somebody with an account of their own, who may not push to the repository. */
export interface Contributor {
  login: string;
  /** Their copy of the repository */
  fork: ServiceRepository;
  remove(): Promise<void>;
}

/** The repository of a created service on the sandbox's Git host, and its pull requests. */
export class ServiceRepository {
  readonly #ask: Ask;

  private constructor(
    private readonly sandbox: TestSandbox,
    readonly owner: string,
    readonly name: string,
    ask: Ask,
  ) {
    this.#ask = ask;
  }

  static ofService(sandbox: TestSandbox, name: string): ServiceRepository {
    const { organization } = sandbox.connection.gitea;
    return new ServiceRepository(sandbox, organization, name, (...request) =>
      sandbox.askGitHost(...request),
    );
  }

  /** Asks the host about this repository. */
  ask(method: Method, path: string, body?: object): Promise<unknown> {
    return this.#ask(method, `repos/${this.owner}/${this.name}/${path}`, body);
  }

  async branch(name: string): Promise<void> {
    await this.ask('POST', 'branches', {
      ...{ new_branch_name: name, old_branch_name: 'main' },
    });
  }

  /** The newest commit of a branch. */
  async head(branch = 'main'): Promise<string> {
    const answer = await this.ask('GET', `branches/${branch}`);
    return branchSchema.parse(answer).commit.id;
  }

  async read(path: string, ref = 'main'): Promise<string> {
    const { content } = contentSchema.parse(
      await this.ask('GET', `contents/${path}?ref=${ref}`),
    );
    return Buffer.from(content, 'base64').toString();
  }

  /** Paths of all files at the newest commit of a branch. */
  async files(branch: string): Promise<string[]> {
    return [...(await this.#blobs(branch)).keys()];
  }

  /**
   * Writes files in one commit.
   *
   * @param changes - text by path; `null` removes the file
   * @returns the commit
   */
  async commit(
    branch: string,
    changes: Record<string, string | null>,
  ): Promise<string> {
    const there = await this.#blobs(branch);
    const files = Object.entries(changes).map(([path, text]) => {
      const sha = there.get(path);
      if (text === null) return { operation: 'delete', path, sha };
      const content = Buffer.from(text).toString('base64');
      return sha
        ? { operation: 'update', path, sha, content }
        : { operation: 'create', path, content };
    });
    const answer = await this.ask('POST', 'contents', {
      ...{ branch, files, message: `Change ${Object.keys(changes)[0]}` },
    });
    return committedSchema.parse(answer).commit.sha;
  }

  /** Changes a file on the default branch. @returns the commit */
  async change(
    path: string,
    change: (text: string) => string,
  ): Promise<string> {
    return this.commit('main', { [path]: change(await this.read(path)) });
  }

  /** Waits until the registry has the image that the builder makes of a commit. */
  async untilBuilt(commit: string): Promise<void> {
    const { address } = this.sandbox.connection.registry;
    await until(
      async () => {
        const response = await fetch(
          `${address}/v2/${this.owner}/${this.name}/tags/list`,
        );
        const parsed = tagsSchema.safeParse(await response.json());
        return parsed.data?.tags?.includes(commit);
      },
      25 * MINUTE,
      () => `There is no image of ${commit}.`,
      SECOND,
    );
  }

  /**
   * Opens a pull request into the default branch.
   *
   * @param from - whose copy the branch is in, if not this
   */
  async open(
    branch: string,
    from?: ServiceRepository,
  ): Promise<{ number: number; url: string }> {
    const asked = {
      ...{ base: 'main', title: `Merge ${branch}` },
      head: from ? `${from.owner}:${branch}` : branch,
    };
    const path = `repos/${this.owner}/${this.name}/pulls`;
    const answer = await (from ?? this).#ask('POST', path, asked);
    const { number, html_url: url } = pullRequestSchema.parse(answer);
    return { number, url };
  }

  async close(number: number): Promise<void> {
    await this.ask('PATCH', `pulls/${number}`, { state: 'closed' });
  }

  async comment(number: number, body: string): Promise<void> {
    await this.ask('POST', `issues/${number}/comments`, { body });
  }

  /** The platform's comments under a pull request. */
  async told(number: number): Promise<string[]> {
    const comments = commentsSchema.parse(
      await this.ask('GET', `issues/${number}/comments`),
    );
    return comments
      .map(({ body }) => body)
      .filter(body => body.includes('Preview environment'));
  }

  /** Waits until the platform's comment says all of it, and returns it. */
  untilTold(
    number: number,
    words: string[],
    withinMs: number,
  ): Promise<string> {
    let last = 'nothing';
    return until(
      async () => {
        [last = 'nothing'] = await this.told(number);
        return words.every(one => last.includes(one)) && last;
      },
      withinMs,
      () => `The comment does not say "${words.join('" and "')}", but ${last}`,
      SECOND,
    );
  }

  /** Somebody new, with a copy of the repository. */
  async contributor(): Promise<Contributor> {
    const { address } = this.sandbox.connection.gitea;
    const login = `p${randomBytes(4).toString('hex')}`;
    const password = randomBytes(12).toString('hex');
    await this.sandbox.askGitHost('POST', 'admin/users', {
      ...{ username: login, password, email: `${login}@example.com` },
      must_change_password: false,
    });
    const ask: Ask = async (method, path, body) => {
      const response = await fetch(`${address}/api/v1/${path}`, {
        method,
        headers: {
          Authorization: `Basic ${Buffer.from(`${login}:${password}`).toString(
            'base64',
          )}`,
          'Content-Type': 'application/json',
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
      return text ? JSON.parse(text) : undefined;
    };
    await this.ask('PUT', `collaborators/${login}`, { permission: 'read' });
    await ask('POST', `repos/${this.owner}/${this.name}/forks`, {});
    return {
      login,
      fork: new ServiceRepository(this.sandbox, login, this.name, ask),
      remove: async () => {
        await this.sandbox.askGitHost(
          ...(['DELETE', `admin/users/${login}?purge=true`] as const),
        );
      },
    };
  }

  async #blobs(branch: string): Promise<Map<string, string>> {
    const { tree } = treeSchema.parse(
      await this.ask('GET', `git/trees/${branch}?recursive=true&per_page=1000`),
    );
    return new Map(
      tree
        .filter(({ type }) => type === 'blob')
        .map(({ path, sha }) => [path, sha]),
    );
  }
}
