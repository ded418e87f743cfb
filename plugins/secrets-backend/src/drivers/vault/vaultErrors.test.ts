import { inspect } from 'node:util';
import { explain } from './vaultErrors';

const URL = 'https://vault.test:8200';
const attempt = {
  ...{ what: 'read staging/cart/KEY', url: URL, role: 'reveal' as const },
  needs: { method: 'GET' as const, path: 'secret/data/staging/cart/KEY' },
};
const answer = (statusCode: number, errors: string[]) => ({
  response: { statusCode, body: { errors } },
});

describe('explaining what Vault said', () => {
  it.each([
    [answer(503, ['Vault is sealed']), 'sealed', /is sealed.*Unseal it/],
    [answer(473, []), 'unreachable', /standby.*platform\.vault\.url/],
    [
      answer(429, [
        'request path "secret/data/staging/cart/KEY": rate limit quota exceeded',
      ]),
      'unreachable',
      /^Vault at \S+ answers no more requests for now \(request path .*: rate limit quota exceeded\), so it could not read staging\/cart\/KEY\. Have its quota/,
    ],
    [
      { response: { statusCode: 429, body: '<h1>Too many requests</h1>' } },
      ...(['unreachable', /no more requests for now \(status 429\)/] as const),
    ],
    [
      answer(403, ['permission denied']),
      'refused',
      /platform\.vault\.auth\.reveal needs read on secret\/data\/staging\/cart\/KEY/,
    ],
    [answer(400, ['invalid role or secret ID']), 'refused', /invalid role/],
    [answer(500, ['disk is full']), 'unreachable', /500 disk is full/],
    [
      answer(503, ['no active Vault instance found']),
      ...(['unreachable', /no node is active/] as const),
    ],
    [
      Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
      'unreachable',
      /does not answer \(ECONNREFUSED\)/,
    ],
  ])('names the problem of %j', (error, problem, words) => {
    expect(explain(error, attempt)).toMatchObject({
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
    const explained = explain(error, attempt);
    expect(inspect(explained, { depth: 5 })).not.toContain(value);
  });

  it.each([
    ['as it is', (value: string) => value],
    ['as JSON', (value: string) => JSON.stringify({ data: { value } })],
    ['in an address', encodeURIComponent],
    ['in base64', (value: string) => Buffer.from(value).toString('base64')],
    ['cut off', (value: string) => value.slice(0, 10)],
  ])('does not repeat what was sent, %s, where Vault does', (_, repeated) => {
    const value = 'pa"ss/wörd-4711+x';
    const error = answer(500, [`cannot store ${repeated(value)}, disk full`]);
    const told = explain(error, { ...attempt, secrets: [value] }).message;
    expect(told).toMatch(/500 in words that may hold what was sent/);
    expect(told).not.toMatch(/ss.?wör|4711|cannot store/);
    expect(
      explain(answer(500, ['disk is full']), { ...attempt, secrets: [value] })
        .message,
    ).toContain('500 disk is full');
    expect(explain(error, { ...attempt, secrets: ['abc'] }).message).toContain(
      'in words that may hold',
    );
  });

  it.each([
    [answer(503, ['Vault is sealed']), 'sealed', /is sealed.*Unseal it/],
    [
      answer(400, ['invalid role or secret ID']),
      ...([
        'refused',
        /refused the platform .* in words that may hold/,
      ] as const),
    ],
    [
      answer(503, ['no active Vault instance found']),
      ...(['unreachable', /no node is active/] as const),
    ],
    [
      answer(503, [`${'x'.repeat(400)}; Vault is sealed`]),
      ...(['sealed', /is sealed/] as const),
    ],
  ])(
    'names the problem of %j also where its words are not repeated',
    (error, problem, words) => {
      // Of a short secret it cannot be told whether it is in them.
      expect(explain(error, { ...attempt, secrets: ['abc'] })).toMatchObject({
        ...{ problem, message: expect.stringMatching(words) },
      });
    },
  );

  it('does not say that nothing was done where that is not known', () => {
    const late = Object.assign(new Error('late'), { code: 'ECONNABORTED' });
    const { path } = attempt.needs;
    const about = (method: 'POST' | 'GET') =>
      explain(late, { ...attempt, needs: { method, path } }).message;
    expect(about('POST')).toContain('may have been done all the same');
    expect(about('GET')).toContain('so it could not');
  });
});
