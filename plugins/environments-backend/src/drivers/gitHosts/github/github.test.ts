import { createHmac } from 'node:crypto';
import {
  GitHostAnswerError,
  GitHostNotFoundError,
  GitHostRateLimitedError,
  GitHostRefusedError,
  GitHostUnavailableError,
} from '@highroad/plugin-platform-node/git-hosts';
import {
  BOT,
  commitOf,
  Fault,
  GithubServer,
} from '../__testUtils__/GithubServer';
import { githubHostAt, WEBHOOK_SECRET } from '../__testUtils__/githubHost';
import { hidden, PullRequestHost } from '../PullRequestHost';

const cart = { owner: 'acme', name: 'cart' };
const twelve = { ...cart, number: 12 };

describe('pull requests on GitHub', () => {
  let server: GithubServer;
  let host: PullRequestHost;

  beforeEach(async () => {
    server = new GithubServer();
    host = githubHostAt(await server.start());
    server.set(12, { commit: commitOf(12), branch: 'colours' });
  });
  afterEach(() => server.stop());

  it('are read as GitHub has them', async () => {
    expect(await host.pullRequest(twelve)).toEqual({
      ...twelve,
      ...{ title: 'Change 12', repositoryId: 1 },
      url: 'https://github.example.com/acme/cart/pull/12',
      state: 'open',
      merged: false,
      branch: 'colours',
      commit: commitOf(12),
      fork: false,
      author: 'ann',
      updatedAt: '2026-01-01T00:00:01.000Z',
    });
  });

  it('are closed where GitHub says so, and told from merged ones', async () => {
    server.set(12, { state: 'closed' });
    expect(await host.pullRequest(twelve)).toMatchObject({
      state: 'closed',
      merged: false,
    });
    server.set(12, { merged: true });
    expect(await host.pullRequest(twelve)).toMatchObject({ merged: true });
  });

  it('are known to come from a fork, also from one that is gone', async () => {
    server.set(12, { fork: true });
    expect(await host.pullRequest(twelve)).toMatchObject({ fork: true });
  });

  it('are listed over all pages', async () => {
    server.pageSize = 2;
    for (const number of [13, 14, 15, 16]) server.set(number, {});
    server.set(15, { state: 'closed' });
    const open = await host.openPullRequests(cart);
    expect(open.map(({ number }) => number)).toEqual([12, 13, 14, 16]);
  });

  it('are not listed at all where one page cannot be had', async () => {
    server.pageSize = 1;
    server.set(13, {});
    server.fault = ({ path }) =>
      path.includes('page=2') ? 'truncated' : undefined;
    await expect(host.openPullRequests(cart)).rejects.toThrow(
      GitHostUnavailableError,
    );
  });

  it.each<[Fault, new (...args: never[]) => Error]>([
    [{ status: 500 }, GitHostUnavailableError],
    [{ status: 502 }, GitHostUnavailableError],
    [{ status: 401 }, GitHostRefusedError],
    [{ status: 403 }, GitHostRefusedError],
    [{ status: 404 }, GitHostNotFoundError],
    [{ status: 429 }, GitHostRateLimitedError],
    [
      { status: 403, headers: { 'x-ratelimit-remaining': '0' } },
      GitHostRateLimitedError,
    ],
    ['truncated', GitHostUnavailableError],
    ['empty', GitHostAnswerError],
    ['empty-list', GitHostAnswerError],
    ['hang-up', GitHostUnavailableError],
  ])('never take %j for closed', async (fault, error) => {
    server.fault = () => fault;
    await expect(host.pullRequest(twelve)).rejects.toThrow(error);
  });

  it('are asked for again where it may help, and not where it cannot', async () => {
    let left = 2;
    server.fault = () => (left-- > 0 ? { status: 502 } : undefined);
    expect(await host.pullRequest(twelve)).toMatchObject({ number: 12 });
    expect(server.seen).toHaveLength(3);

    server.seen.splice(0);
    server.fault = () => ({ status: 401 });
    await expect(host.pullRequest(twelve)).rejects.toThrow('Check the token');
    expect(server.seen).toHaveLength(1);
  });

  it('say how long GitHub wants to be left alone, and do not wait for it', async () => {
    server.fault = () => ({ status: 429, headers: { 'retry-after': '60' } });
    await expect(host.pullRequest(twelve)).rejects.toMatchObject({
      retryAfterMs: 60_000,
    });
    expect(server.seen).toHaveLength(1);
    // Nor is it asked for anything else meanwhile.
    server.fault = () => undefined;
    await expect(host.openPullRequests(cart)).rejects.toThrow(
      /was not asked for .*: it wants to be asked less for another (60|59) s/,
    );
    await expect(host.pullRequest(twelve)).rejects.toThrow(
      GitHostRateLimitedError,
    );
    expect(server.seen).toHaveLength(1);
  });

  it('are found by when they changed, in all repositories of an owner at once', async () => {
    server.set(13, { state: 'closed' });
    const thirteen = server.clock;
    server.set(12, {});
    const found = await host.changedPullRequests('acme', new Date(thirteen));
    expect(found).toEqual([
      expect.objectContaining({ ...cart, number: 12, state: 'open' }),
      {
        ...{ ...cart, number: 13, state: 'closed' },
        updatedAt: new Date(thirteen).toISOString(),
      },
    ]);
    const later = new Date(server.clock + 1000);
    expect(await host.changedPullRequests('acme', later)).toEqual([]);
  });

  it('are not believed when the answer is about another repository', async () => {
    server.set(12, { state: 'closed' });
    server.formerName = 'acme/basket';
    const before = { ...twelve, name: 'basket' };
    await expect(host.pullRequest(before)).rejects.toThrow(
      /answered about acme\/cart#12, asked for acme\/basket/,
    );
    await expect(host.pullRequest(before)).rejects.toThrow(GitHostAnswerError);
  });

  it('cost nothing of what GitHub allows while they stay as they are', async () => {
    const first = await host.openPullRequests(cart);
    expect(await host.openPullRequests(cart)).toEqual(first);
    expect(server.unchanged).toBe(1);
    server.set(13, {});
    expect(await host.openPullRequests(cart)).toHaveLength(2);
  });

  it('have files at a commit, or certainly not', async () => {
    server.set(12, { files: { 'platform/environments/preview.yaml': 'a: 1' } });
    const at = (path: string) => ({ path, commit: commitOf(12) });
    expect(
      await host.file(cart, at('platform/environments/preview.yaml')),
    ).toBe('a: 1');
    expect(await host.file(cart, at('none.yaml'))).toBeUndefined();
    server.fault = () => ({ status: 500 });
    await expect(host.file(cart, at('none.yaml'))).rejects.toThrow(
      GitHostUnavailableError,
    );
  });

  it('have one comment of ours, changed in place', async () => {
    const made = await host.upsertComment(twelve, {
      marker: 'preview',
      body: 'Provisioning',
    });
    const changed = await host.upsertComment(twelve, {
      ...{ marker: 'preview', body: 'Ready', known: made.id },
    });
    expect(changed.id).toBe(made.id);
    expect(server.ownComments(12)).toMatchObject([
      { body: `Ready\n\n${hidden('preview')}` },
    ]);
  });

  it('have that comment found again by who forgot its number', async () => {
    server.comment(12, 'mallory', `Look ${hidden('preview')}`);
    const made = await host.upsertComment(twelve, {
      ...{ marker: 'preview', body: 'One' },
    });
    const again = await host.upsertComment(twelve, {
      ...{ marker: 'preview', body: 'Two' },
    });
    expect(again.id).toBe(made.id);
    expect(server.comments.map(({ author }) => author)).toEqual([
      'mallory',
      BOT,
    ]);
  });

  it('lose a second comment, and get one again that was deleted', async () => {
    const marker = 'preview';
    server.comment(12, BOT, hidden(marker));
    server.comment(12, BOT, hidden(marker));
    const { id } = await host.upsertComment(twelve, { marker, body: 'One' });
    expect(server.ownComments(12)).toHaveLength(1);
    server.comments.splice(0);
    await host.upsertComment(twelve, { marker, body: 'Two', known: id });
    expect(server.ownComments(12)).toHaveLength(1);
  });

  it('get a comment not twice when the answer to the first was lost', async () => {
    const marker = 'preview';
    let lost = false;
    server.fault = ({ method }) => {
      if (method !== 'POST' || lost) return undefined;
      lost = true;
      return 'truncated';
    };
    await expect(
      host.upsertComment(twelve, { marker, body: 'One' }),
    ).rejects.toThrow(GitHostUnavailableError);
    expect(server.ownComments(12)).toHaveLength(1);
    await host.upsertComment(twelve, { marker, body: 'One' });
    expect(server.ownComments(12)).toHaveLength(1);
  });

  it('have comments by others, with who wrote them and when', async () => {
    server.comment(12, 'ann', 'early');
    const { at } = server.comment(12, 'bob', '/platform keep');
    expect(await host.comments(twelve, at)).toEqual([
      expect.objectContaining({ author: 'bob', body: '/platform keep' }),
    ]);
  });

  it('have a status at a commit, a reaction, and people who may write', async () => {
    await host.setCommitStatus(cart, commitOf(12), {
      state: 'pending',
      context: 'platform/preview',
      description: 'x'.repeat(200),
    });
    expect(server.statuses).toEqual([
      {
        commit: commitOf(12),
        state: 'pending',
        description: `${'x'.repeat(139)}…`,
      },
    ]);
    const { id, reactions } = server.comment(12, 'ann', 'x');
    const reaction = { comment: String(id), content: '+1' as const };
    await host.react(twelve, reaction);
    await host.react(twelve, reaction);
    expect(reactions).toHaveLength(1);
    server.permissions.ann = 'write';
    server.permissions.eve = 'read';
    expect(await host.hasWriteAccess(cart, 'ann')).toBe(true);
    expect(await host.hasWriteAccess(cart, 'eve')).toBe(false);
    expect(await host.hasWriteAccess(cart, 'nobody')).toBe(false);
  });

  it('send only what was asked for when a path holds odd letters', async () => {
    await expect(
      host.pullRequest({ owner: '..', name: 'x', number: 1 }),
    ).rejects.toThrow('is no name of a repository');
    expect(server.seen).toHaveLength(0);
  });
});

describe('a delivery of GitHub’s webhook', () => {
  const host = githubHostAt('github.example.com');
  const delivery = (
    event: string,
    payload: object | string,
    options: { secret?: string; signature?: string } = {},
  ) => {
    const body = Buffer.from(
      typeof payload === 'string' ? payload : JSON.stringify(payload),
    );
    const digest = createHmac('sha256', options.secret ?? WEBHOOK_SECRET)
      .update(body)
      .digest('hex');
    const headers: Record<string, string> = {
      'x-github-event': event,
      'x-hub-signature-256': options.signature ?? `sha256=${digest}`,
    };
    return { body, header: (name: string) => headers[name] };
  };
  const repository = { full_name: 'acme/cart' };
  const pull = (action: string) =>
    delivery('pull_request', { action, number: 12, repository });

  it('is known by its signature over every byte', () => {
    expect(host.isSigned(pull('opened'))).toBe(true);
    const altered = pull('opened');
    altered.body[altered.body.length - 2] ^= 1;
    expect(host.isSigned(altered)).toBe(false);
  });

  it.each([
    ['of another secret', { secret: 'another-secret-altogether' }],
    ['that is empty', { signature: '' }],
    ['without its prefix', { signature: 'a'.repeat(64) }],
    ['of SHA-1', { signature: `sha1=${'a'.repeat(40)}` }],
    ['that is no number', { signature: `sha256=${'z'.repeat(64)}` }],
  ])('is refused with a signature %s', (_, options) => {
    expect(host.isSigned(delivery('ping', {}, options))).toBe(false);
  });

  it.each([
    ['opened', 'opened'],
    ['synchronize', 'synchronized'],
    ['reopened', 'reopened'],
    ['closed', 'closed'],
    ['edited', 'edited'],
  ])('says that a pull request was %s', (action, event) => {
    expect(host.hintIn(pull(action))).toEqual({
      ...{ event, owner: 'acme', name: 'cart', number: 12 },
    });
  });

  it('says that there is a new comment on a pull request', () => {
    const comment = (action: string, isPull: boolean) =>
      delivery('issue_comment', {
        ...{ action, repository },
        issue: { number: 12, ...(isPull && { pull_request: { url: 'x' } }) },
      });
    expect(host.hintIn(comment('created', true))).toMatchObject({
      ...{ event: 'commented', number: 12 },
    });
    expect(host.hintIn(comment('created', false))).toBeUndefined();
    expect(host.hintIn(comment('deleted', true))).toBeUndefined();
  });

  it('is nothing where it is about something else', () => {
    expect(host.hintIn(pull('labeled'))).toBeUndefined();
    expect(host.hintIn(delivery('ping', { zen: 'x' }))).toBeUndefined();
  });

  it.each([
    ['no JSON', 'payload=%7B%7D', 'Its body is not JSON'],
    ['a name that leads elsewhere', { full_name: 'acme/..' }, 'full_name'],
    ['no repository', undefined, 'repository'],
  ])('is refused with %s', (_, repositoryOrText, why) => {
    const payload =
      typeof repositoryOrText === 'string'
        ? repositoryOrText
        : { action: 'opened', number: 12, repository: repositoryOrText };
    expect(() => host.hintIn(delivery('pull_request', payload))).toThrow(why);
  });
});
