import { inspect } from 'node:util';
import { explain } from './vaultErrors';

const URL = 'https://vault.test:8200';
const answer = (statusCode: number, errors: string[]) => ({
  response: { statusCode, body: { errors } },
});

describe('explaining what Vault said', () => {
  it.each([
    [answer(503, ['Vault is sealed']), 'sealed', /is sealed.*Unseal it/],
    [answer(473, []), 'unreachable', /standby.*platform\.vault\.url/],
    [answer(403, ['permission denied']), 'refused', /permission denied/],
    [answer(400, ['invalid role or secret ID']), 'refused', /invalid role/],
    [answer(500, ['disk is full']), 'unreachable', /500 disk is full/],
    [
      Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
      'unreachable',
      /does not answer \(ECONNREFUSED\)/,
    ],
  ])('names the problem of %j', (error, problem, words) => {
    expect(explain(error, 'read staging/cart/KEY', URL)).toMatchObject({
      ...{ problem, name: 'ServiceUnavailableError' },
      message: expect.stringMatching(words),
    });
  });

  it('lets nothing through of the request that an error holds', () => {
    const value = 'a value that is secret';
    const error = Object.assign(new Error(`sending ${value}`), {
      code: 'ECONNRESET',
      config: { data: value, headers: { 'X-Vault-Token': value } },
    });
    expect(inspect(error, { depth: 5 })).toContain(value);
    const explained = explain(error, 'write staging/cart/KEY', URL);
    expect(inspect(explained, { depth: 5 })).not.toContain(value);
  });
});
