import { plainSecretKind } from './plainSecretKind';

describe('what is secret in plain text', () => {
  it.each([
    ['DB_PASSWORD', 'hunter2', 'a value'],
    ['DB_PASSWORD', '${commit}hunter2', 'a value'],
    ['STRIPE', `sk_live_${'a'.repeat(24)}`, 'a key'],
    [
      'DATABASE_URL',
      'postgres://app:hunter2@db/app',
      'an address with a password',
    ],
    ['KEY_FILE', '-----BEGIN RSA PRIVATE KEY-----', 'a private key'],
  ])('is told of %s', (name, value, kind) => {
    expect(plainSecretKind(name, value)).toBe(kind);
  });

  it.each([
    ['DATABASE_URL', 'postgres://app:$(DB_PASSWORD)@db/app'],
    ['DB_PASSWORD', '$(OTHER)'],
    ['API_TOKEN', '${commit}'],
    ['API_TOKEN', '${environment.name}$(commit)'],
    ['DATABASE_URL', 'postgres://app:${DB_PASSWORD}@db/app'],
    ['ALLOW_EMPTY_PASSWORD', 'yes'],
    ['PASSWORD_FILE', '/run/secrets/db'],
    ['LOG_LEVEL', 'debug'],
  ])('is not taken for one in %s: %s', (name, value) => {
    expect(plainSecretKind(name, value)).toBeUndefined();
  });
});
