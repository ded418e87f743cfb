import { createHmac } from 'node:crypto';
import { isSigned } from './signature';

const body = Buffer.from('{"a":1}');
const signature = createHmac('sha256', 'secret').update(body).digest('hex');

describe('isSigned', () => {
  it('accepts what was signed with the secret', () => {
    expect(isSigned(body, signature, 'secret')).toBe(true);
  });

  it.each([
    ['another body', Buffer.from('{"a":2}'), signature, 'secret'],
    ['another secret', body, signature, 'other'],
    ['no signature', body, undefined, 'secret'],
    ['an empty one', body, '', 'secret'],
    ['a short one', body, signature.slice(2), 'secret'],
    [
      'one with letters that are not hexadecimal',
      body,
      'z'.repeat(64),
      'secret',
    ],
  ])('refuses %s', (_, text, header, secret) => {
    expect(isSigned(text, header, secret)).toBe(false);
  });
});
