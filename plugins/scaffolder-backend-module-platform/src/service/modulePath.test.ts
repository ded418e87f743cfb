import { modulePath } from './modulePath';

describe('modulePath', () => {
  const slug = 'acme/cart';

  it.each([
    ['github', 'github.com', 'github.com/acme/cart'],
    ['gitea', 'git.acme.com', 'git.acme.com/acme/cart'],
    ['gitea', 'Git.acme.com:3000', 'git.acme.com/acme/cart'],
    ['gitea', '127.0.0.1:13000', 'apps.acme.com/acme/cart'],
    ['gitea', '[::1]:3000', 'apps.acme.com/acme/cart'],
    ['gitea', 'localhost:3000', 'apps.acme.com/acme/cart'],
    ['local', 'local', 'apps.acme.com/acme/cart'],
  ] as const)('begins with a name for %s at %s', (kind, host, path) => {
    expect(modulePath({ kind, host, slug }, { domain: 'apps.acme.com' })).toBe(
      path,
    );
  });

  it('has a name of its own where there is none to take', () => {
    const nowhere = { kind: 'gitea', host: '10.0.0.1', slug } as const;
    expect(modulePath(nowhere)).toBe('highroad.local/acme/cart');
  });

  it('goes behind the prefix that the platform team chose', () => {
    expect(
      modulePath(
        { kind: 'github', host: 'github.com', slug },
        { prefix: 'go.acme.com/' },
      ),
    ).toBe('go.acme.com/cart');
  });
});
