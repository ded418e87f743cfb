import type { TestGitHost } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';

const numberSchema = z.object({ number: z.number() });
const fileSchema = z.object({ commit: z.object({ sha: z.string() }) });
const idSchema = z.object({ id: z.number() });

/** Somebody with an account of their own. */
export interface GiteaPerson {
  login: string;
  /** Asks as this person, below /api/v1 */
  request(method: string, path: string, body?: object): Promise<unknown>;
  remove(): Promise<void>;
}

/** A repository of a test on a real Gitea, and what people do in it. */
export class GiteaRepository {
  readonly owner: string;
  readonly name = 'cart';

  /** @param gitHost - an organisation of the test's own */
  constructor(readonly gitHost: TestGitHost) {
    this.owner = gitHost.organization;
  }

  get path(): string {
    return `repos/${this.owner}/${this.name}`;
  }

  async create(): Promise<void> {
    await this.gitHost.request('POST', `orgs/${this.owner}/repos`, {
      ...{ name: this.name, auto_init: true, default_branch: 'main' },
    });
  }

  /** @returns the commit that adds the file to a branch, which is made where it is not there */
  async commit(
    branch: string,
    path: string,
    content: string,
    options: { as?: GiteaPerson; repository?: string; from?: string } = {},
  ): Promise<string> {
    const { request } = options.as ?? this.gitHost;
    const answer = await request(
      'POST',
      `repos/${
        options.repository ?? `${this.owner}/${this.name}`
      }/contents/${path}`,
      {
        content: Buffer.from(content).toString('base64'),
        message: `Add ${path}`,
        branch: options.from ?? 'main',
        ...((options.from ?? 'main') !== branch && { new_branch: branch }),
      },
    );
    return fileSchema.parse(answer).commit.sha;
  }

  /** @param head - a branch, or `person:branch` of a fork */
  async open(head: string, as?: GiteaPerson): Promise<number> {
    const answer = await (as ?? this.gitHost).request(
      'POST',
      `${this.path}/pulls`,
      { base: 'main', head, title: `Merge ${head}` },
    );
    return numberSchema.parse(answer).number;
  }

  async close(number: number): Promise<void> {
    await this.gitHost.request('PATCH', `${this.path}/pulls/${number}`, {
      state: 'closed',
    });
  }

  async comment(
    number: number,
    body: string,
    as?: GiteaPerson,
  ): Promise<string> {
    const answer = await (as ?? this.gitHost).request(
      'POST',
      `${this.path}/issues/${number}/comments`,
      { body },
    );
    return String(idSchema.parse(answer).id);
  }

  /** Has deliveries sent to an address, signed. */
  async webhook(url: string, secret: string): Promise<void> {
    await this.gitHost.request('POST', `${this.path}/hooks`, {
      type: 'gitea',
      active: true,
      config: { url, secret, content_type: 'json' },
      events: ['pull_request', 'pull_request_sync', 'pull_request_comment'],
    });
  }

  async person(): Promise<GiteaPerson> {
    const { address } = this.gitHost;
    const login = `p${randomBytes(4).toString('hex')}`;
    const password = randomBytes(12).toString('hex');
    await this.gitHost.request('POST', 'admin/users', {
      ...{ username: login, password, email: `${login}@example.com` },
      must_change_password: false,
    });
    return {
      login,
      async request(method, path, body) {
        const response = await fetch(`${address}/api/v1/${path}`, {
          method,
          headers: {
            Authorization: `Basic ${Buffer.from(
              `${login}:${password}`,
            ).toString('base64')}`,
            'Content-Type': 'application/json',
          },
          ...(body && { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        if (!response.ok) {
          throw new Error(`${method} ${path}: ${response.status} ${text}`);
        }
        return text ? JSON.parse(text) : undefined;
      },
      remove: async () => {
        await this.gitHost.request('DELETE', `admin/users/${login}?purge=true`);
      },
    };
  }
}
