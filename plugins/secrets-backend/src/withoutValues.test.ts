import { InputError } from '@backstage/errors';
import { SecretValue } from '@highroad/plugin-platform-common';
import { inspect } from 'node:util';
import { errorWithoutValues, withoutValues } from './withoutValues';

describe('words of others', () => {
  it.each([
    [
      'connect postgres://cart:pw-4711@db:5432/cart failed',
      'connect postgres://[redacted]@db:5432/cart failed',
    ],
    ['401 for Bearer abc.def-12345', '401 for Bearer [redacted]'],
    ['bad token hvs.CAESIJ0123456789abcdef', 'bad token [redacted]'],
    [
      '{"password": "pw-4711", "user": "cart"}',
      '{"password": [redacted], "user": "cart"}',
    ],
    ['api_key=pw-4711&user=cart', 'api_key=[redacted]&user=cart'],
    [
      '-----BEGIN PRIVATE KEY-----\nMIIB\nAAAA',
      '[redacted]\n[redacted]\n[redacted]',
    ],
    ['invalid secret_id=pw-4711', 'invalid secret_id=[redacted]'],
  ])('lose what looks like a value: %j', (text, shown) => {
    expect(withoutValues(text)).toBe(shown);
  });

  it.each([
    'The role cart has no right to do that (42501).',
    'Vault is sealed. Unseal it; docs/runbooks/vault-sealed.md says how.',
    'staging/cart/API_KEY is at version 3, not 2.',
    'The value has to be an address such as postgres://cart:…@host/cart.',
    'https://vault.example:8200 does not answer (ECONNREFUSED).',
  ])('stay as they are where they hold none: %s', text => {
    expect(withoutValues(text)).toBe(text);
  });

  it('lose a value that is under way, however it looks, also where they are cut off', () => {
    const value = new SecretValue('correct horse');
    expect(withoutValues('Refused: correct horse.', [value, undefined])).toBe(
      'Refused: [redacted].',
    );
    const long = withoutValues(`${'x'.repeat(995)}correct horse`, [value]);
    expect(long).not.toContain('corr');
    expect(long.length).toBeLessThan(1_010);
  });

  it('of an error lose it with its stack and cause, and keep what kind it is', () => {
    const wrong = new InputError(
      'Refused: correct horse.',
      new Error('correct horse'),
    );
    const told = errorWithoutValues(wrong, [new SecretValue('correct horse')]);
    expect([told.name, told.message]).toEqual([
      ...['InputError', 'Refused: [redacted].; caused by Error: [redacted]'],
    ]);
    expect(inspect(told)).not.toContain('horse');
    const behind = errorWithoutValues(
      new Error('Refused.', { cause: new Error('correct horse') }),
      [],
    );
    expect([behind.message, inspect(behind)]).toEqual([
      ...['Refused.', expect.not.stringContaining('horse')],
    ]);
    const request = Object.assign(new Error('Status 500.'), {
      config: { data: 'correct horse' },
    });
    const asked = errorWithoutValues(request, []);
    expect([asked.message, inspect(asked)]).toEqual([
      ...['Status 500.', expect.not.stringContaining('horse')],
    ]);
    const right = new InputError('Name a server.');
    expect(errorWithoutValues(right, [])).toBe(right);
    expect(errorWithoutValues('correct token=abc', []).message).toBe(
      'correct token=[redacted]',
    );
  });
});
