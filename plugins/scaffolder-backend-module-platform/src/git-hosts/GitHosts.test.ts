import { mockServices } from '@backstage/backend-test-utils';
import { GitHostServer } from '../__testUtils__/gitHostServer';
import { Availability } from './Availability';
import { GitHosts } from './GitHosts';

const hostsOf = (data: object) =>
  GitHosts.fromConfig(
    mockServices.rootConfig({
      data: { app: { baseUrl: 'http://localhost:3000' }, ...data },
    }),
  );
const local = { localRepositories: { directory: '/tmp/repositories' } };

describe('GitHosts', () => {
  it('keeps repositories on this machine where nothing is connected', async () => {
    const hosts = hostsOf({ platform: local });
    expect(await hosts.list()).toMatchObject({
      default: 'local',
      items: [{ host: 'local', kind: 'local' }],
    });
  });

  it('does not offer a GitHub that nobody configured', async () => {
    const { items } = await hostsOf({ platform: local }).list();
    expect(items).toHaveLength(1);
  });

  it('prefers a Git host that is connected, and says what one without a token lacks', async () => {
    const hosts = hostsOf({
      platform: local,
      integrations: {
        github: [
          { host: 'github.com' },
          { host: 'github.acme.com', token: 't' },
        ],
      },
    });
    expect((await hosts.list()).default).toBe('github.acme.com');
    await expect(hosts.get('github.com')).rejects.toThrow(
      /No token for github.com.*app-config/,
    );
    expect((await hosts.get('')).info.host).toBe('github.acme.com');
  });

  it('takes the host that the platform team chose', async () => {
    const hosts = hostsOf({
      platform: { ...local, create: { gitHost: 'local', gitOwner: 'acme' } },
      integrations: { github: [{ host: 'github.com', token: 't' }] },
    });
    expect((await hosts.get('')).info.host).toBe('local');
    expect((await hosts.get('github.com')).info.defaultOwner).toBe('acme');
  });

  it('lists what is connected when asked for something else', async () => {
    await expect(
      hostsOf({ platform: local }).get('gitlab.com'),
    ).rejects.toThrow('"gitlab.com" is not connected. Connected: local.');
    await expect(hostsOf({}).get('')).rejects.toThrow(
      /No Git host is connected/,
    );
  });
});

describe('a Gitea that may not answer yet', () => {
  const authorization = `basic ${Buffer.from('bot:x').toString('base64')}`;
  let server: GitHostServer;
  let address: string;
  const withGitea = (more: object = {}) =>
    hostsOf({
      integrations: {
        gitea: [
          {
            host: address,
            baseUrl: `http://${address}`,
            username: 'bot',
            password: 'x',
          },
        ],
      },
      ...more,
    });

  beforeEach(async () => {
    server = new GitHostServer(authorization);
    address = await server.start();
    server.answer = () => ({ status: 200, body: { login: 'bot' } });
  });
  afterEach(() => server.stop());

  it('is the usual one while it answers', async () => {
    const hosts = withGitea({ platform: local });
    expect((await hosts.list()).default).toBe(address);
    expect((await hosts.get('')).info.host).toBe(address);
  });

  it.each([
    ['hangs up', () => 'hang' as const, /does not answer.*as soon as it does/],
    ['fails', () => ({ status: 503 }), /answers 503/],
    ['has no such user yet', () => ({ status: 401 }), /refuses the portal/],
  ])(
    'leaves its place to this machine while it %s, and says why',
    async (_, answer, why) => {
      server.answer = answer;
      const hosts = withGitea({ platform: local });
      const list = await hosts.list();
      expect(list.default).toBe('local');
      expect(list.items[0].problem).toMatch(why);
      expect(list.items[0].problem).not.toMatch(/undefined/);
      expect((await hosts.get('')).info.host).toBe('local');
    },
  );

  it('is still asked when somebody names it, so that the answer is its own', async () => {
    server.answer = () => 'hang';
    const host = await withGitea({ platform: local }).get(address);
    await expect(
      host.inspect({ owner: 'acme', name: 'cart' }, 'main'),
    ).rejects.toThrow(/does not answer/);
  });

  it('is not passed over where the platform team chose it', async () => {
    server.answer = () => 'hang';
    const hosts = withGitea({
      platform: { ...local, create: { gitHost: address } },
    });
    expect((await hosts.list()).default).toBe(address);
    expect((await hosts.get('')).info.host).toBe(address);
  });

  it('is named where there is nothing else', async () => {
    server.answer = () => 'hang';
    await expect(withGitea().get('')).rejects.toThrow(
      /No Git host can be used now.*does not answer/,
    );
  });
});

describe('Availability', () => {
  it('asks again soon after a failure and later after an answer, without a restart', async () => {
    let now = 0;
    const probe = jest
      .fn<Promise<void>, []>()
      .mockRejectedValueOnce(new Error('It does not answer.'))
      .mockResolvedValue(undefined);
    const availability = new Availability(probe, () => now);
    expect(await availability.problem()).toBe('It does not answer.');
    now = 2_000;
    expect(await availability.problem()).toBe('It does not answer.');
    expect(probe).toHaveBeenCalledTimes(1);
    now = 3_000;
    expect(await availability.problem()).toBeUndefined();
    now = 32_000;
    expect(await availability.problem()).toBeUndefined();
    expect(probe).toHaveBeenCalledTimes(2);
    now = 33_000;
    await availability.problem();
    expect(probe).toHaveBeenCalledTimes(3);
  });

  it('asks once for all who want to know at the same time', async () => {
    const probe = jest.fn(async () => {});
    const availability = new Availability(probe);
    await Promise.all([availability.problem(), availability.problem()]);
    expect(probe).toHaveBeenCalledTimes(1);
  });
});
