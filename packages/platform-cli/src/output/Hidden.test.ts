import { Hidden } from './Hidden';

const NOT_SHOWN = '(not shown: it holds a value that was sent)';

describe('what is hidden', () => {
  const value = 'Mk+"ü/=\\ 4711 and more';
  const hidden = new Hidden();
  hidden.add(value);
  const inJson = JSON.stringify({ value });

  it.each([
    ['itself', `it was ${value}.`],
    ['within JSON', inJson],
    ['within JSON in JSON', JSON.stringify({ error: { message: inJson } })],
    ['in an address', `/x?value=${encodeURIComponent(value)}`],
    ['in base64', Buffer.from(`a${value}`).toString('base64')],
    ['in base64 of addresses', Buffer.from(`ab${value}`).toString('base64url')],
    ['in hexadecimal digits', Buffer.from(value).toString('hex')],
  ])('is the line in which it stands, %s', (_, text) => {
    expect(hidden.shown(`✖ It failed.\n  ${text}\n  → Try again.`)).toBe(
      `✖ It failed.\n${NOT_SHOWN}\n  → Try again.`,
    );
  });

  it('is each line of a value of several, and a short one where it stands for itself', () => {
    const others = new Hidden();
    others.add('first line\nsecond line');
    others.add('ab');
    expect(others.shown('a second line\n"ab"\ncabin')).toBe(
      `${NOT_SHOWN}\n${NOT_SHOWN}\ncabin`,
    );
  });

  it('is nothing else', () => {
    expect(hidden.shown('✖ You may not do this.')).toBe(
      '✖ You may not do this.',
    );
  });
});
