import { Config } from '@backstage/config';
import { ConflictError } from '@backstage/errors';

/**
 * Throws unless this start has a sign-in provider that fits its mode. Outside development, `guest` gives anyone
 * who reaches the portal an identity, so its presence is refused even beside a real provider.
 *
 * @throws ConflictError naming the configuration key and the fix
 */
export function requireRealSignIn(
  config: Config,
  nodeEnv: string | undefined,
): void {
  const environment = config.getOptionalString('auth.environment');
  const development = nodeEnv === 'development' || nodeEnv === 'test';
  if (development && environment !== 'production') return;

  const providers = config.getOptionalConfig('auth.providers');
  const names = providers?.keys().filter(name => providers.has(name)) ?? [];

  if (names.includes('guest')) {
    throw new ConflictError(
      'auth.providers.guest is configured, but this is a production start: anyone could sign in. ' +
        'Set auth.providers.guest to null and configure a real provider (docs/how-to/connect-sign-in.md, docs/runbooks/production-start-refused.md).',
    );
  }
  if (names.length === 0) {
    throw new ConflictError(
      'auth.providers is empty, so nobody could sign in. ' +
        'Configure a provider, for example auth.providers.github (docs/how-to/connect-sign-in.md, docs/runbooks/production-start-refused.md).',
    );
  }
}
