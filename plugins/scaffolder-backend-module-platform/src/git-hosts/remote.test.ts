import { mockServices } from '@backstage/backend-test-utils';
import { GitHostServer } from '../__testUtils__/gitHostServer';
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
    empty: (path: string) =>
      path.includes('/commits')
        ? { status: 409, body: { message: 'Git Repository is empty.' } }
        : { status: 200, body: { full_name: 'acme/cart', size: 0 } },
    used: (path: string) => {
      if (path.includes('/contents/')) return { status: 200, body: record };
      return { status: 200, body: path.includes('/commits') ? [{}] : {} };
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
    empty: () => ({ status: 200, body: { empty: true } }),
    used: (path: string) =>
      path.includes('/raw/')
        ? { status: 200, body: record }
        : { status: 200, body: { empty: false } },
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
  });

  it('brings the record of its template', async () => {
    server.answer = ({ path }) => host.used(path);
    expect(await gitHost.inspect(repository, 'main')).toEqual({
      state: 'used',
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

  it('is taken back while it is empty, and left alone once it has a commit', async () => {
    server.answer = ({ method, path }) =>
      method === 'DELETE' ? { status: 204 } : host.empty(path);
    expect(await gitHost.discardEmpty(repository)).toBe(true);
    expect(server.seen.filter(r => r.method === 'DELETE')).toEqual([
      expect.objectContaining({ path: host.api }),
    ]);

    server.seen.splice(0);
    server.answer = ({ path }) => host.used(path);
    expect(await gitHost.discardEmpty(repository)).toBe(false);
    expect(server.seen.filter(r => r.method === 'DELETE')).toEqual([]);
  });
});
