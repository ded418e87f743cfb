import { Hidden } from './Hidden';

const hidden = (values: string[], given: string[] = []) => {
  const all = new Hidden();
  for (const value of values) all.add(value);
  all.give(given);
  return all;
};

describe('what is hidden', () => {
  const value = 'Mk+"ü/=\\ 4711 and more';
  const inJson = JSON.stringify({ value });
  const encoded = (encoding: 'base64' | 'base64url' | 'hex', before = '') =>
    Buffer.from(`${before}${value}`).toString(encoding);

  it.each([
    ['itself', `it was ${value}.`, 'it was (…).'],
    ['within JSON', inJson, '{"value":"(…)"}'],
    [
      'within JSON in JSON',
      JSON.stringify({ error: { message: inJson } }),
      '{"error":{"message":"{\\"value\\":\\"(…)\\"}"}}',
    ],
    [
      'in an address',
      `/x?value=${encodeURIComponent(value)}&y=1`,
      '/x?value=(…)&y=1',
    ],
    ['in base64', `data ${encoded('base64', 'a')} of it`, 'data (…) of it'],
    ['in base64 of addresses', encoded('base64url', 'ab'), '(…)'],
    ['in hexadecimal digits', encoded('hex'), '(…)'],
  ])('is it alone, %s', (_, text, shown) => {
    expect(
      hidden([value]).shown(`✖ It failed.\n  ${text}\n  → Try again.`),
    ).toBe(`✖ It failed.\n  ${shown}\n  → Try again.`);
  });

  it('is each line of a value of several, and all of it where it stands whole', () => {
    const lines = hidden(['first of two lines\nsecond of two lines']);
    expect(lines.shown('a second of two lines\nthe first of all')).toBe(
      'a (…)\nthe first of all',
    );
    expect(lines.shown('it: first of two lines\nsecond of two lines.')).toBe(
      'it: (…).',
    );
  });

  it('is the longer one of two that begin alike', () => {
    expect(
      hidden(['hunter-two', 'hunter-two-and-more']).shown(
        'hunter-two-and-more, hunter-two',
      ),
    ).toBe('(…), (…)');
  });

  it('is a short one only in quotes, behind "=", or where it is all of a line', () => {
    const short = hidden(['staging', 'ab']);
    for (const text of [
      ...['Set in staging, testing', 'platform secrets list --env staging'],
      ...['cabin', 'staging/TOKEN: ab is a word'],
    ]) {
      expect(short.shown(text)).toBe(text);
    }
    expect(
      short.shown(
        `could not take "staging", 'ab'\n  staging\nNODE_ENV=staging X=ab&Y=abc`,
      ),
    ).toBe(`could not take "(…)", '(…)'\n  (…)\nNODE_ENV=(…) X=(…)&Y=abc`);
    expect(short.shown(JSON.stringify({ body: '{"a":"ab"}' }))).toBe(
      JSON.stringify({ body: '{"a":"(…)"}' }),
    );
  });

  it('is nothing that the command was given beside it', () => {
    const text = '✖ "production" has no NODE_ENV in production.';
    expect(hidden(['production'], ['production']).shown(text)).toBe(text);
    expect(
      hidden(['checkout'], ['component:default/checkout-api']).shown(
        'platform secrets set checkout-api/TOKEN',
      ),
    ).toBe('platform secrets set checkout-api/TOKEN');
    // The control.
    expect(hidden(['production'], ['staging']).shown(text)).not.toContain(
      'production',
    );
  });

  it('is nothing else', () => {
    expect(hidden([value]).shown('✖ You may not do this.')).toBe(
      '✖ You may not do this.',
    );
  });
});
