import { imageName } from './imageName';

describe('imageName', () => {
  const slug = 'Acme/cart';

  it.each([
    ['github', 'github.com', 'ghcr.io/acme/cart'],
    ['github', 'ghe.acme.com', 'containers.ghe.acme.com/acme/cart'],
    ['gitea', 'git.acme.com', 'git.acme.com/acme/cart'],
    ['local', 'local', 'registry.local/acme/cart'],
  ] as const)('goes with the registry of %s at %s', (kind, host, name) => {
    expect(imageName({ kind, host, slug })).toBe(name);
  });

  it('goes behind the prefix that the platform team chose', () => {
    expect(
      imageName(
        { kind: 'github', host: 'github.com', slug },
        'eu.gcr.io/prod/',
      ),
    ).toBe('eu.gcr.io/prod/cart');
  });
});
