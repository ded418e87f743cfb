import { mockServices } from '@backstage/backend-test-utils';
import { GitHostServer } from '../__testUtils__/gitHostServer';
import { creationMark } from './creationMark';
import { GitHost } from './GitHost';
import { GitHosts } from './GitHosts';

const repository = { owner: 'acme', name: 'cart' };
const record = 'values:\n  name: cart\nanswers: {"name":"cart"}\n';

/** The two hosts differ in how they say the same things. */
const hosts = [
  {
    kind: 'github',
    authorization: 'Bearer secret-token',
    config: (host: string) => ({
      github: [
        { host, apiBaseUrl: `http://${host}/api`, token: 'secret-token' },
      ],
    }),
    api: '/api/repos/acme/cart',
    empty: (path: string, description: string | null = null) =>
      path.includes('/commits')
        ? { status: 409, body: { message: 'Git Repository is empty.' } }
        : {
            status: 200,
            body: { full_name: 'acme/cart', size: 0, description },
          },
    used: (path: string) => {
      if (path.includes('/contents/')) return { status: 200, body: record };
      const body = path.includes('/commits')
        ? [{}]
        : { description: creationMark('one') };
      return { status: 200, body };
    },
  },
  {
    kind: 'gitea',
    authorization: `basic ${Buffer.from('bot:secret-token').toString(
      'base64',
    )}`,
    config: (host: string) => ({
      gitea: [
        {
          host,
          baseUrl: `http://${host}`,
          username: 'bot',
          password: 'secret-token',
        },
      ],
    }),
    api: '/api/v1/repos/acme/cart',
    empty: (_path: string, description: string | null = null) => ({
      status: 200,
      body: { empty: true, description },
    }),
    used: (path: string) =>
      path.includes('/raw/')
        ? { status: 200, body: record }
        : {
            status: 200,
            body: { empty: false, description: creationMark('one') },
          },
  },
];

describe.each(hosts)('a repository on $kind', host => {
  const server = new GitHostServer(host.authorization);
  let gitHost: GitHost;

  beforeAll(async () => {
    const address = await server.start();
    const integrations = host.config(address);
    gitHost = await GitHosts.fromConfig(
      mockServices.rootConfig({ data: { integrations } }),
    ).get(address);
  });
  afterAll(() => server.stop());
  beforeEach(() => server.seen.splice(0));

  it('is absent where the host says so, asked with the token', async () => {
    server.answer = () => ({ status: 404 });
    expect(await gitHost.inspect(repository, 'main')).toEqual({
      state: 'absent',
    });
    expect(server.seen[0]).toMatchObject({ method: 'GET', path: host.api });
  });

  it('is empty while it has no commit', async () => {
    server.answer = ({ path }) => host.empty(path);
    expect(await gitHost.inspect(repository, 'main')).toEqual({
      state: 'empty',
    });
    server.answer = ({ path }) => host.empty(path, creationMark('one'));
    expect(await gitHost.inspect(repository, 'main')).toEqual({
      state: 'empty',
      creation: 'one',
    });
  });

  it('brings the record of its template', async () => {
    server.answer = ({ path }) => host.used(path);
    expect(await gitHost.inspect(repository, 'main')).toEqual({
      ...{ state: 'used', creation: 'one' },
      record: { values: { name: 'cart' }, answers: { name: 'cart' } },
    });
  });

  it.each([500, 502, 429])(
    'is never taken as absent when the host answers %d',
    async status => {
      server.answer = () => ({ status });
      await expect(gitHost.inspect(repository, 'main')).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
        message: expect.stringContaining(String(status)),
      });
    },
  );

  it('is never taken as absent when the host hangs up', async () => {
    server.answer = () => 'hang';
    await expect(gitHost.inspect(repository, 'main')).rejects.toThrow(
      /does not answer/,
    );
  });

  it.each([401, 403])('says what is wrong with a token at %d', async status => {
    server.answer = () => ({ status });
    await expect(gitHost.inspect(repository, 'main')).rejects.toThrow(
      /refused the portal's token/,
    );
  });

  it('is taken back by the creation that made it, while it is empty', async () => {
    const deletions = () => server.seen.filter(r => r.method === 'DELETE');
    server.answer = ({ method, path }) =>
      method === 'DELETE'
        ? { status: 204 }
        : host.empty(path, creationMark('one'));
    expect(await gitHost.discardEmpty(repository, 'two')).toBe(false);
    expect(deletions()).toEqual([]);
    expect(await gitHost.discardEmpty(repository, 'one')).toBe(true);
    expect(deletions()).toEqual([expect.objectContaining({ path: host.api })]);
  });

  it.each([
    ['is empty, but made by somebody else', host.empty],
    ['has a commit', host.used],
  ])('is left alone where it %s', async (_, state) => {
    server.answer = ({ path }) => state(path);
    expect(await gitHost.discardEmpty(repository, 'one')).toBe(false);
    expect(server.seen.filter(r => r.method === 'DELETE')).toEqual([]);
  });

  it('is described, and missed where it is gone', async () => {
    server.answer = () => ({ status: 200, body: {} });
    await gitHost.describe(repository, 'Takes payments');
    expect(server.seen).toEqual([
      expect.objectContaining({ method: 'PATCH', path: host.api }),
    ]);
    server.answer = () => ({ status: 404 });
    await expect(gitHost.describe(repository, 'x')).rejects.toThrow(
      /has no repository acme\/cart/,
    );
  });
});
