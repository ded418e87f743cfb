import { SecretValue } from '@highroad/plugin-platform-common';
import { Encoding, keySchema, MOST_BYTES, problemOfValue } from './value';

const problem = (text: string, encoding: Encoding = 'text') =>
  problemOfValue(new SecretValue(text), encoding);

describe('keys', () => {
  it.each(['A', '_x', 'DATABASE_URL', 'a'.repeat(128)])('takes %s', key => {
    expect(keySchema.safeParse(key).success).toBe(true);
  });

  it.each(['', '1A', 'A-B', 'A.B', '../A', 'A/B', 'Ä', 'a'.repeat(129), 'A\n'])(
    'refuses %j',
    key => {
      expect(keySchema.safeParse(key).success).toBe(false);
    },
  );
});

describe('values', () => {
  it('takes text of any kind, up to 512 KiB in bytes', () => {
    expect(problem('ünïcödé 🎉\nlines\t"quotes"')).toBeUndefined();
    expect(problem('a'.repeat(MOST_BYTES))).toBeUndefined();
    expect(problem('a'.repeat(MOST_BYTES + 1))).toContain('larger');
    expect(problem('ü'.repeat(MOST_BYTES / 2 + 1))).toContain('larger');
  });

  it.each([
    ['', 'empty'],
    ['a\0b', 'zero byte'],
    ['half \uD800', 'UTF-8'],
    ['\uDC00 half', 'UTF-8'],
  ])('refuses %j', (text, words) => {
    expect(problem(text)).toContain(words);
  });

  it('takes base64 of any bytes, and nothing else as base64', () => {
    expect(problem('AAH/', 'base64')).toBeUndefined();
    expect(problem('AAE=\n', 'base64')).toBeUndefined();
    expect(problem('AAE', 'base64')).toContain('not base64');
    expect(problem('a b!', 'base64')).toContain('not base64');
    expect(problem('A'.repeat(800_000), 'base64')).toContain('larger');
  });
});
