import { ConfigReader } from '@backstage/config';
import { requireRealSignIn } from './requireRealSignIn';

const withProviders = (providers: object) =>
  new ConfigReader({ auth: { providers: { ...providers } } });

describe('requireRealSignIn', () => {
  it('lets a developer sign in as guest', () => {
    expect(() =>
      requireRealSignIn(withProviders({ guest: {} }), 'development'),
    ).not.toThrow();
  });

  it.each(['production', undefined])(
    'refuses guest when NODE_ENV is %s, naming the key and the fix',
    nodeEnv => {
      expect(() =>
        requireRealSignIn(
          withProviders({ guest: {}, github: { production: {} } }),
          nodeEnv,
        ),
      ).toThrow(/auth\.providers\.guest .* null/);
    },
  );

  it('refuses guest where auth.environment says production, whatever NODE_ENV says', () => {
    const config = new ConfigReader({
      auth: { environment: 'production', providers: { guest: {} } },
    });
    expect(() => requireRealSignIn(config, 'development')).toThrow(/guest/);
  });

  it('takes a guest that a later file has set to null as absent', () => {
    const config = ConfigReader.fromConfigs([
      {
        context: 'app-config.yaml',
        data: { auth: { providers: { guest: {} } } },
      },
      {
        context: 'app-config.production.yaml',
        data: {
          auth: { providers: { guest: null, github: { production: {} } } },
        },
      },
    ]);
    expect(() => requireRealSignIn(config, 'production')).not.toThrow();
  });

  it('refuses a start that nobody could sign in to', () => {
    expect(() => requireRealSignIn(new ConfigReader({}), 'production')).toThrow(
      /auth\.providers is empty/,
    );
  });
});
