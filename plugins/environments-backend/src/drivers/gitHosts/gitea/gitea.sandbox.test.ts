import { mockServices } from '@backstage/backend-test-utils';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import {
  GitHostNotFoundError,
  GitHostRefusedError,
} from '@highroad/plugin-platform-node/git-hosts';
import { GiteaPerson, GiteaRepository } from '../__testUtils__/GiteaRepository';
import { hidden, PullRequestHost, WebhookHint } from '../PullRequestHost';
import { PullRequestHosts } from '../PullRequestHosts';

const SECRET = 'a-secret-of-the-webhooks';
const MANIFEST_PATH = 'platform/environments/preview.yaml';

describeWithSandbox('pull requests on Gitea', ['git-host'], sandbox => {
  let repository: GiteaRepository;
  let hosts: PullRequestHosts;
  let host: PullRequestHost;
  const at = (number: number) => ({
    ...{ owner: repository.owner, name: repository.name, number },
  });
  const hostsWith = (password: string) => {
    const { address, username } = repository.gitHost;
    const name = new URL(address).host;
    return PullRequestHosts.fromConfig(
      mockServices.rootConfig({
        data: {
          integrations: {
            gitea: [{ host: name, baseUrl: address, username, password }],
          },
          platform: {
            pullRequests: { hosts: [{ host: name, webhookSecret: SECRET }] },
          },
        },
      }),
    );
  };

  beforeAll(async () => {
    repository = new GiteaRepository(await sandbox.gitHost());
    await repository.create();
    hosts = hostsWith(repository.gitHost.password);
    [host] = hosts.all();
  });

  it('are read as Gitea has them, and are closed only where it says so', async () => {
    const commit = await repository.commit('read', 'read.txt', 'x');
    const number = await repository.open('read');
    expect(await host.pullRequest(at(number))).toMatchObject({
      ...{ number, state: 'open', merged: false, fork: false },
      ...{ branch: 'read', commit, author: repository.gitHost.username },
    });
    await repository.close(number);
    expect(await host.pullRequest(at(number))).toMatchObject({
      ...{ state: 'closed', merged: false },
    });
    await expect(host.pullRequest(at(9999))).rejects.toThrow(
      GitHostNotFoundError,
    );
  });

  it('are refused, not closed, to who has no right', async () => {
    const [stranger] = hostsWith('wrong').all();
    await expect(stranger.pullRequest(at(1))).rejects.toThrow(
      GitHostRefusedError,
    );
  });

  it('are listed while they are open', async () => {
    await repository.commit('list', 'list.txt', 'x');
    const number = await repository.open('list');
    const open = await host.openPullRequests(repository);
    expect(open.map(one => one.number)).toContain(number);
    await repository.close(number);
    const after = await host.openPullRequests(repository);
    expect(after.map(one => one.number)).not.toContain(number);
  });

  it('are found by when they changed, open or closed', async () => {
    const began = new Date();
    await repository.commit('changed', 'changed.txt', 'x');
    const number = await repository.open('changed');
    const found = async () => {
      const changed = await host.changedPullRequests(repository.owner, began);
      return changed.find(one => one.number === number);
    };
    // Gitea finds what its index has, which it brings up to date by and by.
    await until(async () => (await found()) !== undefined);
    const { updatedAt } = await host.pullRequest(at(number));
    expect(await found()).toEqual({ ...at(number), state: 'open', updatedAt });
    await repository.close(number);
    await until(async () => (await found())?.state === 'closed');
    const later = new Date(Date.now() + 60_000);
    expect(await host.changedPullRequests(repository.owner, later)).toEqual([]);
  });

  it('have files at a commit, or certainly not', async () => {
    const commit = await repository.commit('file', MANIFEST_PATH, 'kind: X\n');
    expect(await host.file(repository, { path: MANIFEST_PATH, commit })).toBe(
      'kind: X\n',
    );
    const path = 'none.yaml';
    expect(await host.file(repository, { path, commit })).toBeUndefined();
  });

  it('have one comment of ours, changed in place and found again', async () => {
    await repository.commit('say', 'say.txt', 'x');
    const number = await repository.open('say');
    const marker = 'preview';
    const made = await host.upsertComment(at(number), { marker, body: 'One' });
    await host.upsertComment(at(number), {
      ...{ marker, body: 'Two', known: made.id },
    });
    const found = await host.upsertComment(at(number), { marker, body: 'Two' });
    expect(found.id).toBe(made.id);
    const comments = await host.comments(at(number));
    expect(comments).toEqual([
      expect.objectContaining({
        ...{ own: true, body: `Two\n\n${hidden(marker)}` },
      }),
    ]);
  });

  it('have a status at a commit and a reaction to a comment', async () => {
    const commit = await repository.commit('status', 'status.txt', 'x');
    const number = await repository.open('status');
    await host.setCommitStatus(repository, commit, {
      ...{ state: 'success', context: 'platform/preview' },
      ...{ description: 'Ready', url: 'http://localhost:3000' },
    });
    expect(
      await repository.gitHost.request(
        'GET',
        `${repository.path}/commits/${commit}/statuses`,
      ),
    ).toMatchObject([{ context: 'platform/preview', status: 'success' }]);
    const comment = await repository.comment(number, '/platform keep');
    for (const _ of [1, 2]) {
      await host.react(at(number), { comment, content: '+1' });
    }
    expect(
      await repository.gitHost.request(
        'GET',
        `${repository.path}/issues/comments/${comment}/reactions`,
      ),
    ).toHaveLength(1);
  });

  describe('of people with accounts of their own', () => {
    let person: GiteaPerson;
    beforeAll(async () => {
      person = await repository.person();
    });
    afterAll(() => person?.remove());

    it('are known to come from a fork, and their files are read at their commit', async () => {
      await person.request('POST', `${repository.path}/forks`, {});
      const commit = await repository.commit('theirs', MANIFEST_PATH, 'a: 1', {
        as: person,
        repository: `${person.login}/${repository.name}`,
      });
      const number = await repository.open(`${person.login}:theirs`, person);
      expect(await host.pullRequest(at(number))).toMatchObject({
        ...{ fork: true, commit, author: person.login },
      });
      expect(await host.file(repository, { path: MANIFEST_PATH, commit })).toBe(
        'a: 1',
      );
    });

    it('show who may push and who may not', async () => {
      const { username } = repository.gitHost;
      expect(await host.hasWriteAccess(repository, person.login)).toBe(false);
      expect(await host.hasWriteAccess(repository, username)).toBe(true);
      expect(await host.hasWriteAccess(repository, 'nobody-at-all')).toBe(
        false,
      );
    });
  });

  describe('by webhook', () => {
    let server: Server;
    const hints: WebhookHint[] = [];
    const signed: boolean[] = [];

    beforeAll(async () => {
      server = createServer(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk);
        const delivery = {
          body: Buffer.concat(chunks),
          header: (name: string) => {
            const value = request.headers[name];
            return Array.isArray(value) ? value[0] : value;
          },
        };
        signed.push(host.isSigned(delivery));
        const hint = host.hintIn(delivery);
        if (hint) hints.push(hint);
        response.writeHead(202).end();
      });
      await new Promise<void>(done => {
        server.listen(0, '127.0.0.1', done);
      });
      const { port } = server.address() as AddressInfo;
      await repository.webhook(`http://127.0.0.1:${port}/`, SECRET);
    });
    afterAll(async () => {
      server?.closeAllConnections();
      await new Promise(done => server?.close(done));
    });

    it('tell of what is opened, pushed to, commented on and closed, signed', async () => {
      await repository.commit('told', 'told.txt', 'x');
      const number = await repository.open('told');
      await until(() => hints.some(({ event }) => event === 'opened'));
      await repository.commit('told', 'more.txt', 'x', { from: 'told' });
      await until(() => hints.some(({ event }) => event === 'synchronized'));
      await repository.comment(number, '/platform keep');
      await until(() => hints.some(({ event }) => event === 'commented'));
      await repository.close(number);
      await until(() => hints.some(({ event }) => event === 'closed'));
      expect(new Set(hints.map(hint => hint.number))).toEqual(
        new Set([number]),
      );
      expect(hints[0]).toMatchObject({
        ...{ owner: repository.owner, name: repository.name },
      });
      expect(signed.every(Boolean)).toBe(true);
    });
  });
});

/** Waits until something holds, for 20 s. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('It did not come to hold.');
    await new Promise(done => {
      setTimeout(done, 50);
    });
  }
}
