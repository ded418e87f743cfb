import { chooseProviders } from './signInPage';

describe('chooseProviders', () => {
  it('offers the configured ones, in the order they are configured in', () => {
    const titles = chooseProviders(['oidc', 'github', 'guest']).map(provider =>
      typeof provider === 'string' ? provider : provider.title,
    );
    expect(titles).toEqual(['Company sign-in', 'GitHub', 'guest']);
  });

  it('says of an unknown name where it stands and which names are known', () => {
    expect(() => chooseProviders(['guest', 'githb'])).toThrow(
      'app.signIn.providers names "githb", which is not known. Use one of: guest, github, gitlab, google, microsoft, okta, oidc.',
    );
  });

  it.each(['constructor', 'toString', '__proto__'])(
    'does not take %s for a provider',
    name => {
      expect(() => chooseProviders([name])).toThrow('which is not known');
    },
  );
});
