import { mockServices } from '@backstage/backend-test-utils';
import { GitHosts } from './GitHosts';

const hostsOf = (data: object) =>
  GitHosts.fromConfig(
    mockServices.rootConfig({
      data: { app: { baseUrl: 'http://localhost:3000' }, ...data },
    }),
  );
const local = { localRepositories: { directory: '/tmp/repositories' } };

describe('GitHosts', () => {
  it('keeps repositories on this machine where nothing is connected', () => {
    const hosts = hostsOf({ platform: local });
    expect(hosts.list()).toMatchObject({
      default: 'local',
      items: [{ host: 'local', kind: 'local' }],
    });
  });

  it('does not offer a GitHub that nobody configured', () => {
    expect(hostsOf({ platform: local }).list().items).toHaveLength(1);
  });

  it('prefers a Git host that is connected, and says what one without a token lacks', () => {
    const hosts = hostsOf({
      platform: local,
      integrations: {
        github: [{ host: 'github.com' }],
        gitea: [{ host: 'git.acme.com', username: 'bot', password: 'x' }],
      },
    });
    expect(hosts.list().default).toBe('git.acme.com');
    expect(() => hosts.get('github.com')).toThrow(
      /No token for github.com.*app-config/,
    );
    expect(hosts.get('').info.host).toBe('git.acme.com');
  });

  it('takes the host that the platform team chose', () => {
    const hosts = hostsOf({
      platform: { ...local, create: { gitHost: 'local', gitOwner: 'acme' } },
      integrations: { github: [{ host: 'github.com', token: 't' }] },
    });
    expect(hosts.get('').info.host).toBe('local');
    expect(hosts.get('github.com').info.defaultOwner).toBe('acme');
  });

  it('lists what is connected when asked for something else', () => {
    expect(() => hostsOf({ platform: local }).get('gitlab.com')).toThrow(
      '"gitlab.com" is not connected. Connected: local.',
    );
    expect(() => hostsOf({}).get('')).toThrow(/No Git host is connected/);
  });
});
